"""The Spanish words that the turning around of a sentence goes by, besides its verbs."""

from flows.wording.giving_back.word_sets import word_set

CLITICS = word_set("me te nos os se le les lo la los las")
ARTICLES = word_set("el la los las un una unos unas lo al del")
PLURAL_DETERMINERS = word_set(
    "los las unos unas mis sus tus nuestros nuestras vuestros vuestras estos estas esos esas algunos algunas varios "
    "varias muchos muchas dos tres cuatro cinco seis siete ocho nueve diez doce quince veinte cien todos todas ambos "
    "otros otras demasiados demasiadas tantos tantas pocos pocas ellos ellas"
)
DETERMINERS = (
    ARTICLES | PLURAL_DETERMINERS
    | word_set(
    "mi tu su nuestro nuestra vuestro vuestra este esta ese esa cada ningún ninguna ninguno algún alguna otro otra "
    "todo toda mucho mucha poco poca tanto tanta medio media mismo misma primer primera segundo segunda tercer "
    "tercera cualquier ni"
)
)  # fmt: skip
PREPOSITIONS = word_set(
    "a ante bajo con contra de desde durante en entre hacia hasta para por según sin sobre tras al del"
)
ADVERBS = word_set(
    "no ya nunca siempre todavía todavia aún aun también tampoco solo sólo casi jamás además encima apenas luego "
    "después bien mal ahora hoy ayer anoche antes otra así simplemente directamente continuamente constantemente"
)
BEFORE_VERB = word_set("no ya nunca siempre todavía todavia aún aun también tampoco solo sólo casi jamás además")
BOUNDARIES = word_set("que porque y e pero cuando si donde ni aunque mientras pues como sino quien cuyo")
TIME_WORDS = word_set(
    "vez veces semana semanas día días dia dias mes meses año años hora horas minuto minutos lunes martes miércoles "
    "jueves viernes sábado domingo fin fines tarde mañana noche enero febrero marzo abril mayo junio julio agosto "
    "septiembre octubre noviembre diciembre trimestre rato navidad verano"
)
NEVER_VERBS = word_set(
    "para como sobre entre nada este esta cada bajo ante hasta contra una uno vino tarde nombre cliente siete fuera "
    "grande nuestra mismo todo todos solo parte resto caso dentro lado cuenta cuentas falta faltas visita oferta "
    "compra deuda ayuda mal era nuevo nueva ven de mayo"
) - word_set("era")
NOUN_HOMOGRAPHS = word_set(
    "pago pagos retraso trabajo cobro cambio cambios aviso fallo fallos contrato gasto cargo apoyo informe corte "
    "cortes entrega respuesta factura facturas espera cola llamada llamadas llamado pedido pedidos compra causa "
    "cuenta falta ayuda dato datos nota notas marca muestra resultado servicio precio correo uso envío error plazo "
    "técnico equipo sistema regalo prueba pruebas demora duda queja quejas reparto olvido cierre juego acuerdo retiro "
    "bloqueo cuidado robo engaño insulto daño mejora copia copias importe llegada salida visita firma cita oferta "
    "demanda pena culpa vuelta entrada conexión venta ventas venta jefa jefe parte cargos fallas falla anulo ordenes "
    "firmas seguro firme tope tira página paginas carga cuadro marco toma limite entero entera saco soporte consulta "
    "consultas recibo recibos reclamo reclamos reserva reservas paso pasos descuento descuentos intento intentos "
    "trato mando aumento abono abonos respeto gestiones saldo resta lista listas copia sobra gusto encuentro recargo "
    "envíos cargas"
)
PLURAL_TRANSITIVE = word_set(
    "cobrar mandar enviar cambiar borrar prometer dar quitar perder romper cerrar entregar facturar subir bajar "
    "cancelar pedir hacer poner devolver instalar anular cortar vender bloquear robar retirar decir asegurar "
    "garantizar tirar dejar mentir tener ignorar ofrecer resolver arreglar leer escribir negar debitar estropear "
    "jurar confirmar reenviar migrar desactivar ocultar retrasar aplazar"
)
"""Verbs after which a plural noun is rather what is done than who does it."""
VENDOR_VERBS = word_set(
    "tardar prometer cobrar mandar enviar cambiar cerrar borrar avisar llamar contestar responder entregar facturar "
    "romper tirar asegurar confirmar cancelar ignorar disculpar colgar arreglar resolver instalar actualizar olvidar "
    "equivocar cumplir retrasar incumplir informar bloquear anular devolver garantizar migrar desactivar demorar subir"
)
"""Verbs that a supplier does: without a subject, "they" is "you"."""
PRONOMINAL = word_set(
    "disculpar olvidar equivocar comprometer negar quedar encargar escapar callar retrasar demorar burlar atrasar"
)
INCLUSIVE_VERBS = word_set("acordar quedar hablar firmar reunir ver pactar convenir discutir negociar")
PERSON_OBJECT_VERBS = word_set(
    "llamar esperar avisar elegir contratar buscar perseguir felicitar escuchar atender necesitar conocer"
)
DEEDS_OF_OTHERS = word_set(
    "denegar multar despedir embargar sancionar expulsar detener ascender degradar desahuciar echar demandar concursar "
    "auditar inspeccionar precintar clausurar"
)
"""What is done to a client by others: banks, offices, employers."""
FAULTS = word_set(
    "error errores fallo fallos culpa retraso retrasos descuido negligencia incompetencia desastre lío demora"
)
SHARED_THINGS = word_set("trato acuerdo cita reunión contrato pacto compromiso plan")
BOTH_SIDES = word_set("amigos amigas socios socias iguales aliados colegas familia equipo novios")
FIRST_PERSON_IMPERFECTS = word_set("necesitar esperar querer")
IMPERSONAL = word_set(
    "costar faltar parecer importar gustar pasar quedar tocar llegar haber ser estar fallar funcionar ocurrir suceder "
    "existir caducar vencer aparecer desaparecer tardar caer seguir doler hacer bastar sobrar valer caducar colapsar"
)
"""Verbs that have a thing for a subject, or none."""
VENDOR_NOUNS = word_set(
    "cola sistema soporte fecha fechas número números cifras técnico técnicos técnica informe informes contrato "
    "página web actualización actualizaciones factura facturas correo correos respuesta respuestas línea servicio "
    "servicios plataforma herramienta aplicación app producto productos servidor servidores software promesa promesas "
    "error errores culpa migración consultor consultora soluciones solución asistencia centralita api portal "
    "incompetencia departamento llamada llamadas palabra atención update ayuda mensajes mensaje consultores comercial "
    "comerciales gestor gestora excusas retraso retrasos fallo fallos política tienda centro oficina formulario chat "
    "teléfono bot robot programa"
)
EVENT_VERBS = word_set(
    "enterar comprar contratar elegir enviar mandar llamar avisar recibir decidir cancelar escribir solicitar "
    "reclamar encontrar descubrir preguntar intentar terminar acabar explicar perder"
)
"""Verbs that tell of something done once: "compramos" is rather past than present."""
STATE_VERBS = word_set("llevar seguir")
FEMININE_EXCEPTIONS = word_set(
    "gente parte noche tarde clave base red orden llave nube clase frase fase sede suerte mente página tablet web app "
    "api factura cuenta serie especie superficie sangre carne señal piel ley voz luz vez paz cruz imagen razón mano "
    "foto moto sucursal central flor labor crisis tesis hipótesis"
)
MASCULINE_EXCEPTIONS = word_set(
    "sistema problema programa día idioma tema mapa esquema clima drama diploma trauma síntoma dilema lema planeta "
    "agua área aula jefe camión avión"
) - word_set("agua área aula")
COMMON_NOUNS = word_set(
    "cuenta factura informe servidor servidores cliente clientes correo correos llamada llamadas respuesta retraso "
    "retrasos error errores sistema soporte equipo jefe jefa director directora consejo técnico compañero compañera "
    "contrato precio precios dinero plantillas pedido pedidos actualización página números cifras fechas datos "
    "archivos informes disculpa solución problema servicio teléfono empresa entrega proyecto gestor consultor tienda "
    "web aplicación reunión migración copia copias tarde mal bien solo nada nadie algo alguien todo gracias hola "
    "entrega teléfono caída tercera segunda primera vez veces vergüenza inaceptable increíble urgente real mes meses "
    "semana semanas día días año años hora horas minutos ayer hoy mañana lunes martes miércoles jueves viernes sábado "
    "domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre usted ustedes "
    "vosotros vos tú yo él ella ellos ellas nosotros mí esto eso aquí ahí allí mejor peor gran grande nuevo nueva "
    "mismo misma otra otro último última cada falta ni ningún ninguna ninguno devuelve sirve soporte excusa excusas "
    "caso culpa acceso tique tiques ticket formación ayuda documentación plazo espera cola producción caído caída "
    "roto rota listo lista cero esperando euros muy más menos tan tanto qué cómo cuándo cuánto dónde después entonces "
    "hay hubo treinta cuarenta cincuenta sesenta setenta ochenta noventa mil primero "
    "mí sí nuestra nuestro mayor menor grave distinto distinta distintos distintas persona personas gente pago pagos "
    "retraso pagado internet móvil pedido correo red acceso mensaje mensajes número solo sola"
)
FOREIGN_WORDS = word_set(
    "the you and is was not never nobody called your our we they us my with have has it this that from for are were "
    "did der das und nicht ihr uns wir ich mich habt haben kein keine nie zu mit für auf est pas je vous et une dans "
    "pour avec jamais não você vocês isso com nunca-mais uma mas eu meu minha seu sua foi"
)
COMMON_WORDS = (
    CLITICS
    | DETERMINERS
    | PREPOSITIONS
    | ADVERBS
    | BOUNDARIES
    | TIME_WORDS
    | COMMON_NOUNS
    | NOUN_HOMOGRAPHS
    | VENDOR_NOUNS
)
PERSONS = word_set(
    "técnico técnica ingeniero ingeniera comercial agente empleado empleada operario operaria repartidor repartidora "
    "conductor conductora consultor consultora gestor gestora encargado encargada jefe jefa compañero compañera "
    "vendedor vendedora transportista camionero perito instalador recepcionista chico chica señor señora"
)
"""After them "su" may be theirs."""
