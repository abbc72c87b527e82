"""The people of the demo. The first eight sign in as `<key>@demo.example`."""

from dataclasses import dataclass

DUBLIN, MONTEVIDEO = "Europe/Dublin", "America/Montevideo"


@dataclass(frozen=True)
class Person:
    key: str
    name: str
    bio: str = ""
    language: str = "en"
    time_zone: str = DUBLIN


def _hispanic(key: str, name: str, bio: str = "") -> Person:
    return Person(key, name, bio, "es", MONTEVIDEO)


LOGINS = (
    Person("admin", "Ruth Abernathy", "Keeps this site running."),
    Person("owner", "Tomás Echeverría", "Signs for two organizations and answers for what they promise."),
    Person("manager", "Maeve Donnelly", "Runs the open calls of the Alder Bay libraries."),
    Person("moderator", "Jonas Lindqvist", "Reads everything that is handed in, usually before breakfast."),
    Person("reviewer1", "Adaeze Okonkwo", "Architect; has sat on eleven juries and chaired four."),
    Person("reviewer2", "Hiroshi Tanabe", "Retired school librarian and beekeeper."),
    Person("contributor1", "Lucía Benavides", "Illustrator. Two children, two languages, one kitchen table."),
    Person("contributor2", "Wanjiru Kamau", "Occupational therapist; grows tomatoes at 72 cm."),
)

OTHERS = (
    Person("george", "George Featherstone", "On the libraries' building team."),
    Person("hana", "Hana Novotná", "Morning shift at Quay Street."),
    Person("pavel", "Pavel Dvořák", "Counts things for the libraries."),
    Person("amal", "أمل الخطيب", "Mends sewing machines in Mill Lane."),
    Person("noa", "נועה ברקוביץ", "Historian of locked cupboards."),
    Person("kenji", "佐藤健二"),
    Person("meilin", "陈美玲", "Translator."),
    Person("minjun", "김민준", "Maps, timetables, hammocks."),
    Person("priya", "Priya Raghunathan"),
    Person("oleks", "Олександра Шевченко", "Journalist; edited a city newspaper for eight years."),
    Person("dimitra", "Δήμητρα Παπαδοπούλου", "Musician and linguist."),
    Person("siobhan", "Siobhán Ní Dhomhnaill"),
    Person("yusuf", "Yusuf Adeyemi", "Neighbour by profession."),
    Person("thandi", "Thandiwe Mokoena", "Economist, plumber's daughter."),
    Person("ngoc", "Nguyễn Thị Ngọc Ánh"),
    Person("bjork", "Björk Sigurðardóttir", "Teaches the sky with a paper disc."),
    Person("matheus", "Matheus Gonçalves", "Cook."),
    Person("leila", "Leila Farrokhzad", "Student of law."),
    Person("emre", "Emre Yıldırım", "Sailor, signwriter."),
    Person("zofia", "Zofia Wiśniewska", "Bakes, and makes ink."),
    Person("ewa", "Ewa Nowicka"),
    Person("harold", "Harold Pettigrew", "Cataloguer, retired after thirty years."),
    Person("milan", "Milan Horváth", "Keeps bees on roofs."),
    Person("kwame", "Kwame Boateng"),
    Person("ingrid", "Ingrid Solheim", "Night nurse."),
    Person("aroha", "Aroha Te Whare", "Storyteller."),
    Person("odile", "Odile Fontenelle", "Nineteen years of regional radio."),
    Person("wei", "Tan Wei Ling", "Teaches mathematics."),
    Person("wayan", "I Wayan Sudiarta", "Puppeteer."),
    Person("sunita", "Sunita Shrestha", "Archivist at the county record office."),
    _hispanic("ramon", "Ramón Etchegaray", "Coordina la cooperativa."),
    _hispanic("pilar", "Pilar Montenegro", "Socia fundadora."),
    _hispanic("facundo", "Facundo Irigoyen"),
    _hispanic("ximena", "Ximena Huamán Quispe", "Ilustradora y vecina."),
    _hispanic("itzel", "Itzel Cauich", "Tejedora y jardinera."),
    _hispanic("dolores", "Dolores Paniagua"),
    _hispanic("valentina", "Valentina Rojas", "Maestra de la escuela 31."),
    _hispanic("rosario", "Rosario Ayala"),
    _hispanic("julian", "Julián Cárdenas", "Electricista."),
    _hispanic("marisol", "Marisol Tapia", "Cocinera del comedor."),
    _hispanic("aurelio", "Aurelio Batista", "Herrero."),
    _hispanic("long", "Ana María del Carmen Concepción Fernández de Córdoba y Villavicencio-Sotomayor"),
)

PEOPLE = (*LOGINS, *OTHERS)
