"""The words of what states no fact: in small letters and without accents, as `fold_text` leaves them."""

from flows.text import fold_text


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(" ".join(fold_text(line).split()) for line in text.split(",") if line.strip())


EXCLAMATIONS = frozenset(
    _phrases(
        "once more for the slow ones, for the slow ones, one more time for the slow ones, se lo repito para torpes, lo "
        "repito para torpes, para torpes, a ver si se enteran, a ver si se entera, a ver si lo entienden, brillante, "
        "brillantes, wow, vaya, oh wow, not funny, no tiene gracia, que risa, unos genios, unos cracks, unos figuras, "
        "unos fenomenos, unos artistas, geniuses, bravo, great job, good job, nice job, well done, well done you, "
        "congratulations, congrats, hats off, hats off to you, slow clap, very professional, so professional, how "
        "professional, really professional, truly professional, very professional todo, world class, top notch, first "
        "class, five stars, ten out of ten, nice touch, nice one, classy, very classy, impressive, very impressive, "
        "truly impressive, really impressive, chapeau, genius, pure genius, great work, nice work, good work, lovely, "
        "brilliant, fantastic, wonderful, marvellous, great, just great, just perfect, perfect, amazing, charming, how "
        "convenient, convenient, how nice, how lovely, how sweet, how thoughtful, how kind, how generous, how "
        "surprising, how original, how handy, how funny, very funny, very clever, surprise surprise, surprise, "
        "newsflash, news flash, breaking news, guess what, fun fact, spoiler, spoiler alert, value this, rate this, "
        "survey this, reality check, here's a thought, get this, read my lips, thanks a lot, thanks a million, thanks "
        "for nothing, thank you very much, thank you so much, what a surprise, what a service, what a joke, give "
        "yourselves a medal, give yourselves a round of applause, give yourselves a pat on the back, take a bow, gold "
        "star, top marks, full marks, money well spent, job well done, keep it up, truly world class, congratulations "
        "to you, my compliments, enhorabuena, felicidades, felicitaciones, mis felicitaciones, un aplauso, aplausos, "
        "chapo, ole, genial, estupendo, fantastico, maravilloso, magnifico, perfecto, de maravilla, de lujo, de diez, "
        "de pelicula, de traca, de premio, de risa, de chiste, todo muy profesional, muy profesional, muy profesional "
        "todo, profesionalidad ante todo, muy bonito, muy bien, que bien, que maravilla, que casualidad, que detalle, "
        "que nivel, que arte, que oportuno, que curioso, que gracia, que gracioso, que bonito, que eficiencia, que "
        "sorpresa, que profesionales, que lujo, que servicio, que servicio tan bueno, que rapidez, que alegria, que "
        "amables, que ilusion, que conveniente, que practico, que suerte, que original, vaya nivel, vaya servicio, "
        "noticia, ultima hora, noticia de ultima hora, sorpresa, adivine, adivina, adivinen, dato curioso, valore "
        "esto, valoren esto, valora esto, puntuen esto, gracias por nada, muchas gracias, muy amables, muy amable, "
        "todo un detalle, todo un exito, un exito, un diez, matricula de honor, medalla de oro, que les den un premio, "
        "pongan una medalla, ponganse una medalla, me quito el sombrero, para enmarcar, de manual, olé ustedes, asi da "
        "gusto"
    )
)
"""Whole parts between commas: praise that means the contrary, and what only leads in to a blow."""

MOCKERY = _phrases(
    "win gold, an olympic, olimpica, olimpico, would be jealous, would be proud, would blush, wallpaper my, wallpaper "
    "our, empapelar, se pondria celoso, estaria orgulloso, you absolute, you complete, you total, you utter, takes "
    "talent, takes skill, takes some doing, takes real talent, must be a record, some kind of record, is that a "
    "record, want a medal, deserve a medal, deserves a medal, deserves an award, an oscar, draw you a picture, draw it "
    "for you, spell it out, need it in writing with pictures, in crayon, got it or, do you get it, are you deaf, are "
    "you people deaf, are you blind, can you read, do you speak english, is that so hard, is it that hard, how hard "
    "can it be, what planet, which planet, rocket science, hell of a job, my grandmother could, well played, lo "
    "captas, te hago un dibujo, le hago un dibujo, les hago un dibujo, hago un croquis, con dibujos, con peras y "
    "manzanas, con plastilina, te lo explico, se lo explico con, se lo deletreo, lo pillas, lo pillan, te enteras, se "
    "enteran o, me explico o, esta claro o, hablo en chino, hablo chino, estan sordos, esta sordo, estais sordos, "
    "tiene merito, hay que tener talento, tiene su merito, tiene guasa, tiene tela, tiene delito, manda narices, tiene "
    "narices, que planeta, en que mundo, es para darles, se merecen un premio, un oscar, record guinness, un premio "
    "nobel, ni hecho a proposito"
)
"""Phrases anywhere in a part that mock the one who hears it."""

FORMULAS = frozenset(
    _phrases(
        "listen to me, hear me out, please, thanks, and i quote, i quote, quote, escucheme, escuchenme, escuchame, por "
        "favor, gracias, y cito, cito, palabras textuales, textual, con perdon, i kid you not, no es broma, oh look, "
        "mira tu, mire usted, oiga usted, oye tu, mira por donde, fijate, fijese, figurate, figurese, you must be "
        "joking, you're joking, are you joking, are you kidding, are you kidding me, you've got to be kidding, is this "
        "a joke, estan de broma, esta de broma, estas de broma, es broma, sera broma, good grief, good heavens, good "
        "lord, oh dear, dear god, blimey, jeez, christ almighty, thank god, with respect, with all respect, with all "
        "due respect, no offence, no offense, no offence meant, frankly, quite frankly, frankly speaking, to be frank, "
        "to be honest, honestly, in all honesty, let me be clear, let me be honest, for god's sake, for heaven's sake, "
        "for goodness sake, for goodness' sake, for pity's sake, for crying out loud, for the love of god, my god, oh "
        "my god, good god, jesus, jesus christ, christ, believe it or not, believe me, trust me, mark my words, just "
        "so you know, for the record, for your information, for what it's worth, sorry, sorry but, excuse me, pardon "
        "me, i swear, i beg you, i'm begging you, seriously, come on, look, listen, mind you, no joke, no kidding, i'm "
        "not joking, i kid you not, i'm not exaggerating, read that again, let that sink in, con todo respeto, con "
        "todo el respeto, con el debido respeto, con todos mis respetos, con mis respetos, con todo el respeto del "
        "mundo, dicho sea con respeto, sin animo de ofender, sin ofender, francamente, sinceramente, honestamente, la "
        "verdad, si le soy sincero, si le soy sincera, para ser sincero, para ser sincera, siendo sinceros, a decir "
        "verdad, por dios, por el amor de dios, dios mio, madre mia, virgen santa, santo dios, por favor se lo pido, "
        "te lo suplico, se lo suplico, te lo ruego, se lo ruego, se los pido por favor, se lo pido por favor, perdone, "
        "perdona, perdonen, disculpe, disculpen, perdone que le diga, le digo una cosa, mire, mira, miren, oiga, oye, "
        "oigan, escuche, escucha, escuchen, che, en serio, de verdad, se lo juro, te lo juro, creame, creanme, aunque "
        "no se lo crea, que conste, para que conste, para que lo sepa, para que lo sepan, asi de claro, ah, oh, uy, "
        "ay, eh, hey, bah, pff, ugh, hmm, jo, jolin, jobar, caramba, well, so, ja, no exagero, vamos, venga, hombre, "
        "ojo"
    )
)
"""Whole parts that only lead in or stress."""

TITLES = frozenset(
    _phrases(
        "sir, madam, ma'am, miss, mate, buddy, pal, dude, man, love, darling, sweetheart, my friend, guys, folks, "
        "people, ladies and gentlemen, doctor, doc, "
        "senor, senora, senorita, senores, caballero, doctor, doctora, amigo, amiga, amigos, jefe, jefa, tio, tia, "
        "majo, maja, chico, chica, chicos, guapo, guapa, bonita, cariño, hijo, hija, mijo, licenciado, licenciada, "
        "ingeniero, ingeniera, joven, hermano, compadre, colega, maestro, campeon, profe, don"
    )
)
"""Whole parts that call the one who hears it."""

QUESTION_TAGS = frozenset(
    _phrases(
        "right, okay, ok, eh, huh, innit, isn't it, aren't you, don't you think, is that clear, got it, understood, am "
        "i clear, do you understand, you hear me, or what, or not, "
        "verdad, no, cierto, vale, esta claro, queda claro, me explico, me entiende, me entienden, me entiendes, se "
        "entiende, entiende, entienden, o que, o no, sabe, sabes, no cree, no creen, no le parece, no les parece"
    )
)

IRONIC_LEADS = _phrases(
    "what a coincidence that, funny that, funny how, how funny that, how convenient that, how nice that, how lovely "
    "that, how odd that, how strange that, i love how, i love that, i just love how, i just love it when, love how, i "
    "adore how, i like how, strange that, curious that, interesting how, what a surprise that, amazing how, "
    "que casualidad que, que curioso que, que raro que, que gracioso que, que gracia que, que oportuno que, que bien "
    "que, que detalle que, que bonito que, que conveniente que, me encanta como, me encanta que, me fascina como, me "
    "fascina que, es curioso que, es curioso como, tiene gracia que, que sorpresa que, casualidad que, curiosamente"
)
"""What makes a fact ironic at its beginning. Without it the fact stands alone."""

CRIES = frozenset(
    _phrases(
        "sera una broma, sera broma, debe ser una broma, tiene que ser una broma, es una broma, da igual, me da igual, "
        "lo mismo da, whatever, never mind, no hay derecho, esto es el colmo, es el colmo, no puede ser, no me lo "
        "puedo creer, no me lo creo, es increible, esto es increible, esto es inaceptable, es inaceptable, esto es una "
        "verguenza, es una verguenza, que verguenza, basta ya, ya basta, hasta aqui, se acabo, esto no es serio, no es "
        "serio, asi no se trabaja, tal cual, tal como suena, como lo oye, como lo oyen, asi como suena, con esas "
        "palabras, asi con esas palabras, asi de simple, asi de sencillo, ya no puedo mas, no puedo mas, no aguanto "
        "mas, estoy harto, estoy harta, a mi, es de locos, esto es de locos, de locos, es un escandalo, esto es un "
        "escandalo, no tiene nombre, esto no tiene nombre, es para llorar, manda huevos, no tengo palabras, me quede "
        "sin palabras, paciencia la mia, no doy credito, no es normal, esto no es normal, es una falta de respeto, es "
        "un abuso, esto es un abuso, lo nunca visto, hay que ver, lo que hay que ver, cero, nada, nada de nada, ni "
        "caso, y punto, not on, it's not on, this is not on, this can't be true, that can't be true, this cannot be "
        "true, i can't believe it, i cannot believe it, i can't believe this, enough is enough, enough, i've had "
        "enough, i have had enough, we've had enough, it's a scandal, this is a scandal, this is madness, it's "
        "madness, this is crazy, this is insane, this is unacceptable, this is outrageous, this is ridiculous, this is "
        "a disgrace, in those words, in those very words, in those exact words, those exact words, his words, her "
        "words, their words, just like that, no less, me of all people, i'm lost for words, i have no words, words "
        "fail me, it's beyond belief, beyond belief, i'm at the end of my tether, i'm done, i give up, i can't any "
        "more, this is a joke, never again, not cool, not okay, that's not right, it's not right, it's not fair, this "
        "isn't fair, not fair"
    )
)
"""Whole sentences."""

IRONIC_STARTS = _phrases(
    "another day another, otro dia otra, is this the famous, is that the famous, esta es la famosa, este es el famoso, "
    "so glad, glad to know, good to know that i, nice of you, kind of you, how kind of you, lucky me, let me guess, no "
    "doubt it's my fault, i'm sure it's my fault, wouldn't want to, heaven forbid, god forbid, menos mal que, a ver si "
    "lo adivino, a ver si adivino, dejeme adivinar, dejame adivinar, que amable, que amables, no vaya a ser que, dios "
    "nos libre, oh sure, oh of course, of course blame, sure blame, yes sure, right sure, oh yes because, yeah right, "
    "oh i see, oh i forgot, my bad, silly me, my mistake for, i suppose it's my fault, so now it's my fault, so it's "
    "my fault, ah claro, ah si claro, ya claro, si claro, claro claro, claro seguro, claro como, ah perfecto, ah "
    "bueno, ah vale, ah muy bien, ah entonces, ahora resulta, resulta que ahora, o sea que la culpa, va a ser que, "
    "como no, faltaria mas, sera culpa mia, sera que"
)
"""What makes a whole sentence say the contrary of what its words say."""

PRAISED_STARTS = _phrases(
    "top marks for, full marks for, ten out of ten for, congratulations on, congratulations for, congrats on, thanks "
    "for, thank you for, well done for, well done on, kudos for, hats off to, good job on, nice work on, "
    "enhorabuena por, felicidades por, gracias por, muchas gracias por, un diez en, un diez por, bravo por, un aplauso "
    "para, un aplauso por"
)
"""How a part begins that praises what is blamed."""

GREETINGS = frozenset(
    _phrases(
        "hi, hello, hey, dear, good morning, good afternoon, good evening, hola, buenas, buenos dias, "
        "buenas tardes, buenas noches, estimado, estimada, querido, querida, oye, oiga, mira, mire, listen, look"
    )
)
"""What stands before the name of who is spoken to."""
