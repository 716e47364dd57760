"""Name facts: frequent names, nicknames, spellings and the syllables that rare names are made of.

Counts and orders come from the sources named; nothing here is about any one person.
"""

from __future__ import annotations

from typing import Final

MEXICAN_FAMILY_NAMES: Final[dict[str, int]] = {
    "Hernández": 671_972,
    "García": 458_788,
    "Martínez": 447_073,
    "López": 412_247,
    "González": 352_650,
    "Pérez": 332_048,
    "Rodríguez": 293_473,
    "Sánchez": 288_543,
    "Ramírez": 258_411,
    "Cruz": 204_640,
    "Flores": 180_789,
    "Gómez": 180_490,
    "Morales": 148_507,
    "Vázquez": 145_267,
    "Jiménez": 141_357,
    "Reyes": 141_101,
    "Torres": 128_564,
    "Díaz": 125_406,
    "Gutiérrez": 112_952,
    "Mendoza": 100_987,
}
"""Family names of births registered in Mexico 2017-2020 (INEGI), either position."""

MEXICAN_FAMILY_NAME_TOTAL: Final = 16_200_000
"""Two family names for each of the 8.1 million births those counts come from (INEGI)."""

MEXICAN_GIVEN_MALE: Final = (
    "José Juan Luis Francisco Antonio Jesús Miguel Carlos Alejandro Manuel Pedro Jorge Roberto "
    "Fernando Ricardo Eduardo Javier Martín Raúl Sergio Rafael Daniel Arturo Mario Gerardo David "
    "Enrique Alberto Óscar Víctor Héctor Armando Guadalupe Ángel Salvador Ramón Rubén Alfredo "
    "Jaime Marco Adrián Julio César Gustavo Guillermo Felipe Ignacio Andrés Santiago Gabriel "
    "Ernesto Hugo Iván Omar Pablo Diego Tomás Gilberto Alfonso Agustín Rogelio Rodolfo Joaquín "
    "Edgar Cristian Israel Erick Kevin Brayan Joel Moisés Noé Ismael Efraín Leonel Abel Samuel"
).split()
"""Most frequent first, after the national electoral register of Mexico; the order only."""

MEXICAN_GIVEN_FEMALE: Final = (
    "María Guadalupe Juana Margarita Verónica Leticia Rosa Francisca Teresa Alejandra Martha "
    "Patricia Elizabeth Yolanda Gabriela Ana Silvia Adriana Josefina Alicia Carmen Laura Claudia "
    "Araceli Norma Gloria Sandra Maricela Rocío Mónica Irma Blanca Lucía Isabel Elena Cecilia "
    "Beatriz Esther Lorena Miriam Karla Diana Angélica Brenda Susana Rebeca Yesenia Daniela "
    "Karina Fernanda Jessica Cristina Dulce Erika Marisol Concepción Dolores Antonia Consuelo"
).split()
"""Most frequent first, after the national electoral register of Mexico; the order only."""

ARABIC_GIVEN_MALE: Final = (
    "Mohammed Ahmed Ali Mahmoud Hassan Hussein Omar Khaled Ibrahim Youssef Mustafa Abdullah Said "
    "Yahya Karim Tariq Samir Bilal Faisal Salim Nasser Walid Hamza Jamal Ziad Rashid Adel Sami "
    "Majid Imad Fadi Munir Anwar Nabil Suleiman Ismail Marwan Hisham Qasim Haitham Bashar Ayman "
    "Abdulrahman Abdulaziz Abdulkarim Abdulhamid Abdulmalik Abdulqader Abdulwahab Abdulsalam"
).split()
ARABIC_GIVEN_FEMALE: Final = (
    "Fatima Aisha Maryam Zainab Khadija Layla Noor Amina Huda Salma Rania Samira Nadia Hanan Iman "
    "Mona Rana Sara Yasmin Dina Najwa Lubna Sawsan Amal Wafa Hala Dalal Ghada Rasha Suhair"
).split()
ARABIC_FAMILY: Final = (
    "Al-Ahmad Hassan Hussein Al-Ali Khalil Ibrahim Haddad Khoury Mansour Nasser Saleh Hamdan "
    "Al-Masri Najjar Saad Issa Awad Hamad Darwish Al-Rashid Qasim Shaheen Barakat Sayed Aziz "
    "Al-Tamimi Al-Dulaimi Al-Jabouri Al-Zahrani Al-Harbi Al-Otaibi Al-Qahtani Al-Shammari Rahman "
    "Bakri Othman Yousef Sulaiman Al-Hashimi Al-Bayati Fares Tawfiq Zidan Al-Khatib Al-Hakim "
    "Abu-Bakr Abu-Zaid Bin-Salem Bin-Ahmed Al-Obaidi Al-Maliki Al-Saadi Al-Amiri Mustafa Omar"
).split()
"""Arabic names in one usual romanisation, common ones first; the order is an assumption."""

ARABIC_SPELLINGS: Final[dict[str, str]] = {
    "Mohammed": "Mohamed Muhammad Mohammad Muhammed Mohamad Mohamud Mehmed Mohd Muhamad "
    "Mohamet Mahomed Mouhamed Mahamadou Muhammet",
    "Ahmed": "Ahmad Ahamed Ahmet Achmed Ahmmad",
    "Hussein": "Hussain Husayn Hossein Husein Housseine Hosein",
    "Youssef": "Yusuf Yousef Yousuf Joseph Yusef Youcef",
    "Khaled": "Khalid Haled Chalid",
    "Mahmoud": "Mahmud Mahmood Mehmood",
    "Fatima": "Fatimah Fatma Fatemeh",
    "Aisha": "Aysha Ayesha Aicha",
    "Suleiman": "Sulaiman Soliman Suleyman Sulayman",
}
ARABIC_SPELLING_RULES: Final = (
    ("Al-", "El-"), ("Al-", "Al "), ("Al-", "Al"), ("Al-", ""), ("Abdul", "Abdel"),
    ("Abdul", "Abd al-"), ("Abdul", "Abd "), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ei", "ai"),
    ("ai", "ay"), ("q", "k"), ("dh", "d"), ("ss", "s"), ("j", "g"), ("kh", "k"), ("w", "ou"),
    ("ah", "a"), ("i", "ee"), ("u", "oo"), ("y", "i"), ("aa", "a"), ("z", "dh"), ("th", "t"),
)  # fmt: skip

CANTONESE_AND_HOKKIEN: Final[dict[str, str]] = {
    "Chen": "Chan Tan Chin", "Zhang": "Cheung Teo", "Wang": "Wong Ong", "Huang": "Wong Ng",
    "Li": "Lee Lei", "Liu": "Lau Low", "Lin": "Lam Lim", "Zheng": "Cheng Tay Chung",
    "Wu": "Ng Goh", "Xu": "Hui Koh", "Yang": "Yeung Yeo", "Zhou": "Chow Chew", "Zhao": "Chiu",
    "Ye": "Yip Yap", "Guo": "Kwok Kuo", "Liang": "Leung Neo", "He": "Ho", "Luo": "Law Lo",
    "Zhu": "Chu", "Xie": "Tse Cheah", "Lu": "Luk", "Cai": "Choi Chua", "Feng": "Fung",
    "Deng": "Tang", "Cao": "Cho", "Zeng": "Tsang", "Peng": "Pang", "Pan": "Poon Phua",
    "Yu": "Yue", "Jiang": "Kong", "Hong": "Hung Ang", "Situ": "Szeto", "Ouyang": "Auyeung",
}  # fmt: skip
"""Pinyin family name: the same name as Hong Kong or Hokkien speakers write it."""

WADE_GILES: Final = (
    ("zhi", "chih"), ("chi", "chih"), ("shi", "shih"), ("zi", "tzu"), ("si", "szu"), ("zh", "ch"),
    ("ch", "ch"), ("sh", "sh"), ("x", "hs"), ("q", "ch"), ("j", "ch"), ("r", "j"), ("z", "ts"),
    ("c", "ts"), ("b", "p"), ("d", "t"), ("g", "k"),
)  # fmt: skip
"""Beginnings of pinyin and of the older romanisation; the first that fits counts."""

WADE_GILES_FINALS: Final = (
    ("ong", "ung"), ("ian", "ien"), ("yan", "yen"), ("^you", "yu"), ("ui", "uei"), ("ue", "ueh"),
    ("ie", "ieh"), ("^ye", "yeh"), ("^yi", "i"), ("(?<=[kh])e", "o"), ("(?<![kh])uo", "o"),
)  # fmt: skip
"""Ends of syllables as patterns, and how the older romanisation writes them; the first counts."""

CHINESE_SYLLABLES_MALE: Final = (
    "wei jian jun guo ming xiao zhi wen hai yong hui feng bo tao qiang lei jie gang chao peng bin "
    "hao yu long kai cheng liang sheng hong xin zhong rong fei shan dong lin tian yi zhen heng kun"
).split()
CHINESE_SYLLABLES_FEMALE: Final = (
    "xiu mei li yan fang hong xiao ying hui juan lan na jing min xia ping qing yu yun xin ting "
    "zhen rong dan lin shu qin feng yue wen jia hua shan yi lian chun xue qian man fen ai cui"
).split()

SYLLABLES: Final[dict[str, tuple[str, str, str]]] = {
    "hispanic": (
        (
            "Aba Ace Agui Alda Alma Ama Ande Ara Arma Arri Ave Baca Bala Bara Barri Be Ber Bola "
            "Bu Caba Cala Cama Cara Carre Casti Cebe Cha Cis Co Corra Da Dura Echa Ega Eli Esca "
            "Espi Eta Fa Fi Fuen Ga Gala Gara Gas Goi Gra Gua Gurru Iba Ira Itu Iza Jua La Lare "
            "Le Lise Lo Maga Mala Man Mara Mi Mon Mu Na Nava Oje Ola Ore Orti Osu Pa Pala Pe Pi "
            "Que Ra Ri Ro Sa Sala San Se Sola Ta Te Torre Uga Una Urru Va Vala Ve Villa Ya Za "
            "Zama Zu"
        ),
        "rre na la ne ga lo mi ri cha ti vi za bu du ji no",
        "ga rte rri ño llo nes ra ta da que za ndo les nte gui rza via no ral ya sco gal na",
    ),
    "anglo": (
        (
            "Ab Al Ash Bar Beck Bel Ben Ber Black Bran Brad Bur Cal Car Chad Clay Clif Col Con "
            "Cor Cran Crow Dal Den Dray Dun East Ed Ell Em Fair Far Fen Gar Gil Glen Gold Grand "
            "Hal Ham Har Hart Haw Hil Hol Hop Hun Kel Ken Kil Lam Lang Lin Lock Lum Mar May Mel "
            "Mor Nor Oak Or Pem Pen Pres Rad Ran Red Ros Row Sax Sel Shel Sher Stan Stock Sut "
            "Tal Thorn Til Tre Wal War Wes Whit Wil Win Wood Wy"
        ),
        "en in er ber ing ling ders ren win kin mer ter ming ers by den",
        (
            "ton ham ford ley wood field man worth well land by stead burn shaw dale gate son "
            "ridge hurst"
        ),
    ),
    "arabic": (
        (
            "Al-Ba Al-Da Al-Fa Al-Ha Al-Ja Al-Ka Al-Kha Al-Ma Al-Na Al-Qa Al-Ra Al-Sa Al-Sha "
            "Al-Ta Al-Wa Al-Za Ba Da Fa Gha Ha Ja Ka Kha Ma Na Qa Ra Sa Sha Ta Wa"
        ),
        "ba da fi ha la ma na ra sha ta wi ya za mou bri ssa",
        "ni wi ri di mi bi n d h li ti shi ssi zi",
    ),
    "vietnamese": (
        "B Ch D Đ G H K Kh L M N Ng Nh Ph Q S T Th Tr V",
        "a i o u",
        "ng nh n t m c ch",
    ),
    "west_african": (
        "A Ade Ba Bou Ca Da Dia Fa Ga Gba Ka Kou Ma Mba Ndi Nia O Ola Sa Si So Ta Te Ya",
        "ba bou dé ko la ma na no ra sa ta wa ye",
        "dji ga gho ké la lo ma ndé ne ré té tou yi yo",
    ),
    "eastern_european": (
        (
            "Bar Bel Bon Bor Chern Dan Dor Drag Fed Gav Gon Gor Hav Ivan Kal Kar Kol Kov Kras Kuz "
            "Lav Leb Luk Mal Mar Mel Mor Naz Niko Or Pan Pav Pet Pol Pop Rad Rom Rud Sav Sem Shev "
            "Sid Sok Stan Tar Tim Tka Vas Vol Yak Yar Zab Zakh Zhur"
        ),
        "a an ar en i in k ol osh u uk ych y",
        "ov enko ev in sky chuk iuk ak escu yshyn oi eanu",
    ),
    "south_asian": (
        "A Ba Bha Cha Da Dha Ga Go Ha Ja Ka Kri La Ma Mu Na Pa Pra Ra Sa Shi Su Ta Va Vi",
        "ga la ma na ra sha ta va ya dha ni ri",
        "rajan wal kar nathan swamy moorthy dkar rkar lekar ppa iah jee ya ran",
    ),
    "brazilian": (
        ("Al Ara Bar Bor Cal Car Cas Cor Fa Fe Gui La Ma Me Mo Na Pa Pe Pi Ra Ro Sa Se So Ta Va"),
        "be da ga la ma ne ra ri to va",
        "lhães rães nho res ga ndes çalves da ção lho rinho ral",
    ),
}
"""Beginnings, middles and ends that rare family names are composed of."""

NICKNAMES: Final[dict[str, str]] = {
    "José": "Pepe Chepe Joe", "Francisco": "Paco Pancho Frank", "Jesús": "Chuy Chucho",
    "Guadalupe": "Lupe Lupita", "Juan": "Juancho Johnny", "Luis": "Lucho Güicho",
    "Antonio": "Toño Tony", "Manuel": "Manolo Meño", "Miguel": "Mike", "Alejandro": "Alex",
    "Ignacio": "Nacho", "Enrique": "Quique Kike", "Roberto": "Beto", "Alberto": "Beto",
    "Gilberto": "Beto", "Eduardo": "Lalo", "Fernando": "Nando", "Rafael": "Rafa",
    "Ricardo": "Ricky", "Jorge": "Coque", "Ramón": "Moncho", "Guillermo": "Memo",
    "Rogelio": "Roger", "Salvador": "Chava", "Sergio": "Checo", "Armando": "Mando",
    "Santiago": "Chago", "Gabriel": "Gabo", "Alfonso": "Poncho", "Vicente": "Chente",
    "Daniel": "Dani Dan", "Arturo": "Turi", "Héctor": "Tito", "Ernesto": "Neto",
    "Rodolfo": "Fito", "Adolfo": "Fito", "Gerardo": "Jerry", "Pedro": "Perico",
    "María": "Mari", "Josefina": "Josie Pepa", "Leticia": "Lety", "Dolores": "Lola",
    "Consuelo": "Chelo", "Concepción": "Concha", "Rosario": "Chayo", "Teresa": "Tere",
    "Patricia": "Paty Pat", "Margarita": "Mago", "Verónica": "Vero", "Gabriela": "Gaby",
    "Alejandra": "Ale", "Isabel": "Chabela", "Beatriz": "Bety",
    "Graciela": "Chela", "Mercedes": "Meche", "Francisca": "Paquita", "Cristina": "Cris",
    "James": "Jim Jimmy", "John": "Jack Johnny", "Robert": "Bob Rob Bobby",
    "William": "Bill Will Billy", "Richard": "Rick Dick", "Michael": "Mike Mick",
    "Charles": "Chuck Charlie", "Joseph": "Joe", "Thomas": "Tom Tommy", "Christopher": "Chris",
    "Matthew": "Matt", "Anthony": "Tony", "Steven": "Steve", "Andrew": "Andy Drew",
    "Joshua": "Josh", "Kenneth": "Ken", "Timothy": "Tim", "Edward": "Ed Eddie Ted",
    "Ronald": "Ron", "Jeffrey": "Jeff", "Nicholas": "Nick", "Jonathan": "Jon",
    "Benjamin": "Ben", "Samuel": "Sam", "Gregory": "Greg",
    "Alexander": "Alex", "Raymond": "Ray", "Jennifer": "Jen Jenny", "Jessica": "Jess",
    "Margaret": "Maggie Peggy", "Katherine": "Kathy Kate", "Rebecca": "Becky",
    "Deborah": "Debbie", "Susan": "Sue", "Barbara": "Barb", "Kimberly": "Kim",
    "Cecilia": "Ceci", "Guillermina": "Mina", "Esperanza": "Pelancha Espe", "Luz": "Lucha",
    "Rodrigo": "Rigo", "Rigoberto": "Rigo", "Santos": "Tito", "Domingo": "Mingo",
    "Marcos": "Marquitos", "Vicenta": "Chenta", "Carmen": "Menchu Carmelita", "Lourdes": "Lulu",
    "Socorro": "Coco", "Refugio": "Cuca Cuco", "Trinidad": "Trini", "Agustín": "Tin",
    "Donald": "Don Donnie", "Patrick": "Pat Paddy", "Frederick": "Fred", "Lawrence": "Larry",
    "Walter": "Walt", "Gerald": "Jerry", "Theodore": "Ted Teddy", "Stephen": "Steve",
    "Nathaniel": "Nate Nat", "Zachary": "Zach", "Philip": "Phil", "Douglas": "Doug",
    "Elizabeth": "Eli Liz Beth Betty Lisa", "Victoria": "Vicky Tori", "Sandra": "Sandy",
    "Stephanie": "Steph", "Amanda": "Mandy", "Samantha": "Sam", "Dorothy": "Dot Dottie",
    "Theresa": "Terry Tess", "Abigail": "Abby", "Nicole": "Nikki", "Jacqueline": "Jackie",
    "Pamela": "Pam", "Christina": "Tina", "Abdullah": "Abdul", "Mohammed": "Hamada Moe",
    "Ibrahim": "Abe", "Suleiman": "Sol",
}  # fmt: skip
"""Given name: what its bearers are called, in Mexico and in the United States."""
