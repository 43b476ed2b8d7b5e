"""Common Spanish verbs: endings, changes of the stem, and the irregular ones."""

REGULAR = (
    "llamar mandar enviar avisar cobrar cambiar llevar tardar esperar preguntar contestar ignorar informar borrar "
    "entregar facturar dejar tomar quedar trabajar necesitar comprar cancelar arreglar solucionar gastar hablar "
    "escuchar mirar terminar acabar intentar tratar lograr ayudar atender aceptar anular aumentar bloquear calmar "
    "callar causar comentar comprobar confirmar considerar consultar contactar contratar controlar cortar costar "
    "cuidar dañar debitar declarar decepcionar demorar depender desaparecer descontar descuidar detectar devolver "
    "disculpar dudar echar encargar engañar enojar enfadar enterar equivocar escapar estafar estropear evitar "
    "exportar faltar fallar firmar ganar generar guardar humillar importar indicar insistir instalar invertir jurar "
    "lamentar limitar llenar lanzar maltratar marcar mejorar mencionar molestar mostrar notar ocultar ofrecer olvidar "
    "ordenar organizar parar pasar pesar presentar presumir prestar probar quejar quitar rechazar reclamar recomendar "
    "recordar rectificar regalar reparar retirar retrasar revisar robar sacar salvar señalar solicitar soportar subir "
    "sumar tirar tocar tragar transferir usar utilizar visitar volver adelantar actualizar aplazar asegurar autorizar "
    "avanzar colgar comenzar empezar garantizar negar pagar llegar cargar entregar explicar buscar comunicar dedicar "
    "equivocar complicar publicar verificar sacar aplicar justificar notificar perjudicar cruzar realizar finalizar "
    "rechazar utilizar cerrar pensar contar encontrar apostar renovar jugar rogar perder entender mover resolver "
    "deber responder vender romper prometer comprometer cometer correr temer beber comer aprender meter depender "
    "proceder suceder leer creer recibir escribir vivir permitir cumplir decidir existir ocurrir sufrir subir abrir "
    "cubrir asistir admitir omitir interrumpir insistir incumplir compartir discutir unir partir repartir imprimir "
    "pedir sentir seguir servir repetir mentir preferir conseguir despedir impedir medir elegir corregir perseguir "
    "exigir dirigir dormir morir sugerir herir referir conocer parecer merecer agradecer aparecer desaparecer "
    "reconocer ofrecer pertenecer nacer crecer hartar cansar fiar confiar criticar tramitar migrar caducar activar "
    "desactivar reiniciar reservar gestionar reenviar reprogramar atrasar adjuntar suspender sorprender ofender "
    "defender extender convencer vencer ejercer coger recoger proteger escoger acordar copiar cuadrar colapsar "
    "bajar meter quedar alargar apagar entrar acceder abandonar priorizar desviar colocar contratar gritar burlar "
    "reír coincidir corresponder atrever apoyar bastar cansar castigar cuestionar desconectar descargar destrozar "
    "detallar echar empeorar engañar esconder estropear facilitar felicitar fracasar funcionar gustar imaginar "
    "iniciar inventar investigar lastimar manejar matar montar obligar ocupar operar participar percibir pinchar "
    "planear postergar preparar presionar proporcionar procesar programar provocar quemar rebajar rellenar remitir "
    "rescindir respetar responsabilizar sonar sobrar sustentar tachar tapar temblar traicionar trasladar ubicar urgir "
    "valorar viajar vigilar descubrir cubrir describir compensar comprobar añadir acompañar abusar aguantar alojar "
    "amenazar asignar atascar costear culpar desear desesperar deteriorar dividir dudar duplicar enseñar equipar "
    "financiar frustrar implicar incomodar ingresar interesar juzgar lanzar localizar merecer multiplicar nombrar "
    "observar opinar pactar penalizar preocupar reaccionar rebotar recortar redactar reembolsar reintegrar relacionar "
    "renunciar resultar sospechar subestimar tumbar construir destruir incluir sustituir concluir excluir distribuir "
    "huir poseer caer oír"
)  # fmt: skip
STEM_CHANGES = {
    "ie": (
        "temblar cerrar pensar comenzar empezar negar perder entender atender sentir mentir preferir sugerir "
        "herir referir recomendar invertir transferir defender extender "
    ),
    "ue": (
        "sonar contar encontrar probar comprobar costar colgar mostrar recordar renovar apostar jugar rogar "
        "volver devolver mover resolver dormir morir descontar acordar soler "
    ),
    "i": ("pedir seguir servir repetir conseguir despedir impedir medir elegir corregir perseguir reír "),
}
CHANGE_OF = {infinitive: change for change, infinitives in STEM_CHANGES.items() for infinitive in infinitives.split()}
ENDINGS = {
    "ar": {
        "present": ("o", "as", "a", "amos", "áis", "an"),
        "past": ("é", "aste", "ó", "amos", "asteis", "aron"),
        "imperfect": ("aba", "abas", "aba", "ábamos", "abais", "aban"),
        "subjunctive": ("e", "es", "e", "emos", "éis", "en"),
        "past subjunctive": ("ara", "aras", "ara", "áramos", "arais", "aran"),
    },
    "er": {
        "present": ("o", "es", "e", "emos", "éis", "en"),
        "past": ("í", "iste", "ió", "imos", "isteis", "ieron"),
        "imperfect": ("ía", "ías", "ía", "íamos", "íais", "ían"),
        "subjunctive": ("a", "as", "a", "amos", "áis", "an"),
        "past subjunctive": ("iera", "ieras", "iera", "iéramos", "ierais", "ieran"),
    },
    "ir": {
        "present": ("o", "es", "e", "imos", "ís", "en"),
        "past": ("í", "iste", "ió", "imos", "isteis", "ieron"),
        "imperfect": ("ía", "ías", "ía", "íamos", "íais", "ían"),
        "subjunctive": ("a", "as", "a", "amos", "áis", "an"),
        "past subjunctive": ("iera", "ieras", "iera", "iéramos", "ierais", "ieran"),
    },
}
CONDITIONAL = ("ía", "ías", "ía", "íamos", "íais", "ían")
FUTURE = ("é", "ás", "á", "emos", "éis", "án")
STRONG_PAST = ("e", "iste", "o", "imos", "isteis", "ieron")


def _row(text: str) -> tuple[str, ...]:
    return tuple(text.split())


IRREGULAR = {
    "ser": {
        "present": _row("soy eres es somos sois son"),
        "past": _row("fui fuiste fue fuimos fuisteis fueron"),
        "imperfect": _row("era eras era éramos erais eran"),
        "subjunctive": _row("sea seas sea seamos seáis sean"),
        "past subjunctive": _row("fuera fueras fuera fuéramos fuerais fueran"),
    },
    "ir": {
        "present": _row("voy vas va vamos vais van"),
        "imperfect": _row("iba ibas iba íbamos ibais iban"),
        "subjunctive": _row("vaya vayas vaya vayamos vayáis vayan"),
    },
    "haber": {
        "present": _row("he has ha hemos habéis han"),
        "subjunctive": _row("haya hayas haya hayamos hayáis hayan"),
        "past subjunctive": _row("hubiera hubieras hubiera hubiéramos hubierais hubieran"),
    },
    "estar": {
        "present": _row("estoy estás está estamos estáis están"),
        "subjunctive": _row("esté estés esté estemos estéis estén"),
    },
    "tener": {"present": _row("tengo tienes tiene tenemos tenéis tienen")},
    "venir": {"present": _row("vengo vienes viene venimos venís vienen")},
    "hacer": {"present": _row("hago haces hace hacemos hacéis hacen")},
    "decir": {"present": _row("digo dices dice decimos decís dicen")},
    "poder": {
        "present": _row("puedo puedes puede podemos podéis pueden"),
        "subjunctive": _row("pueda puedas pueda podamos podáis puedan"),
    },
    "querer": {
        "present": _row("quiero quieres quiere queremos queréis quieren"),
        "subjunctive": _row("quiera quieras quiera queramos queráis quieran"),
    },
    "poner": {"present": _row("pongo pones pone ponemos ponéis ponen")},
    "saber": {
        "present": _row("sé sabes sabe sabemos sabéis saben"),
        "subjunctive": _row("sepa sepas sepa sepamos sepáis sepan"),
    },
    "salir": {"present": _row("salgo sales sale salimos salís salen")},
    "traer": {"present": _row("traigo traes trae traemos traéis traen")},
    "dar": {
        "present": _row("doy das da damos dais dan"),
        "past": _row("di diste dio dimos disteis dieron"),
        "subjunctive": _row("dé des dé demos deis den"),
        "past subjunctive": _row("diera dieras diera diéramos dierais dieran"),
    },
    "ver": {
        "present": _row("veo ves ve vemos veis ven"),
        "past": _row("vi viste vio vimos visteis vieron"),
        "imperfect": _row("veía veías veía veíamos veíais veían"),
        "subjunctive": _row("vea veas vea veamos veáis vean"),
    },
    "proponer": {"present": _row("propongo propones propone proponemos proponéis proponen")},
    "mantener": {"present": _row("mantengo mantienes mantiene mantenemos mantenéis mantienen")},
    "detener": {"present": _row("detengo detienes detiene detenemos detenéis detienen")},
    "obtener": {"present": _row("obtengo obtienes obtiene obtenemos obtenéis obtienen")},
    "reír": {"present": _row("río ríes ríe reímos reís ríen"), "past": _row("reí reíste rio reímos reísteis rieron")},
    "oír": {"present": _row("oigo oyes oye oímos oís oyen")},
    "caer": {"present": _row("caigo caes cae caemos caéis caen")},
    "soler": {},
}
STRONG_STEMS = {
    "haber": "hub", "estar": "estuv", "tener": "tuv", "venir": "vin", "poder": "pud", "querer": "quis", "poner": "pus",
    "saber": "sup", "proponer": "propus", "mantener": "mantuv", "detener": "detuv", "obtener": "obtuv",
    "andar": "anduv",
}  # fmt: skip
FUTURE_STEMS = {
    "haber": "habr", "tener": "tendr", "venir": "vendr", "poder": "podr", "querer": "querr", "poner": "pondr",
    "saber": "sabr", "hacer": "har", "decir": "dir", "salir": "saldr", "proponer": "propondr", "mantener": "mantendr",
}  # fmt: skip
J_PAST = _row("dije dijiste dijo dijimos dijisteis dijeron")
FULL_PASTS = {
    "decir": J_PAST,
    "traer": _row("traje trajiste trajo trajimos trajisteis trajeron"),
    "hacer": _row("hice hiciste hizo hicimos hicisteis hicieron"),
    "ir": IRREGULAR["ser"]["past"],
}
Y_STEMS = (
    "leer",
    "creer",
    "caer",
    "oír",
    "poseer",
    "construir",
    "destruir",
    "incluir",
    "sustituir",
    "concluir",
    "excluir",
    "distribuir",
    "huir",
)
