"""Names of the cultures that Faker lists without frequencies, or not at all.

Where a count or share is given its source is named; where only an order is given, the order is an
assumption after the public registers named, and frequencies fall with the rank.
"""

from __future__ import annotations

from typing import Final

CENTRAL_AMERICAN_FAMILY: Final = (
    "López García Hernández Martínez Pérez Morales Rodríguez González Ramírez Mejía Rivera Flores "
    "Cruz Vásquez Velásquez Gómez Castillo Reyes Ramos Orellana Méndez Juárez Díaz Sánchez Aguilar "
    "Alvarado Chávez Guzmán Portillo Bonilla Rivas Zelaya Romero Torres Lemus Barrios Escobar "
    "Estrada Fuentes Ajanel Tzoc Xol Caal Choc Coc Tum Ixcoy Chub Pop Cuc Tot Ical Maquin Ba "
    "Quiñónez Alvarenga Menjívar Guardado Ayala Chicas Argueta Majano Turcios Lagos Padilla "
    "Sorto Banegas Euceda Paz Discua Murillo Zúniga Erazo Amaya Castellanos Pineda Molina Batres "
    "de_León de_Paz del_Cid de_la_Rosa de_la_Cruz"
).split()
"""After the electoral registers of Guatemala, Honduras and El Salvador; Mayan names among them, and
names with a particle, whose words an underscore joins."""

CENTRAL_AMERICAN_GIVEN_MALE: Final = (
    "José Juan Carlos Luis Mario Jorge Miguel Manuel Francisco Pedro Oscar Marvin Wilmer Elmer "
    "Byron Edwin Santos Selvin Darwin Melvin Henry Nelson Wilson Milton Rolando Domingo Mateo "
    "Sebastián Diego Tomás Felipe Gaspar Pascual Andrés Baltazar Walter Allan Josué Denis Kevin "
    "Brayan Cristian Eduardo Fredy Rigoberto Adán Isaías Abner Misael Osmin Noel Danilo"
).split()
CENTRAL_AMERICAN_GIVEN_FEMALE: Final = (
    "María Ana Rosa Juana Sandra Marta Blanca Glenda Karla Wendy Yesenia Ingrid Evelyn Reina "
    "Dilcia Heidy Keyla Catarina Petrona Micaela Magdalena Dominga Candelaria Elvira Marina Delmy "
    "Morena Suyapa Lourdes Nohemy Sonia Iris Gladys Mirna Norma Lesly Dayana Katherine Brenda"
).split()

VIETNAMESE_FAMILY: Final[dict[str, float]] = {
    "Nguyễn": 38.4, "Trần": 12.1, "Lê": 9.5, "Phạm": 7.0, "Hoàng": 3.1, "Huỳnh": 2.0, "Phan": 4.5,
    "Vũ": 2.0, "Võ": 1.9, "Đặng": 2.1, "Bùi": 2.0, "Đỗ": 1.4, "Hồ": 1.3, "Ngô": 1.3, "Dương": 1.0,
    "Lý": 0.5, "Đinh": 1.0, "Trương": 1.2, "Đoàn": 0.8, "Lâm": 0.7, "Mai": 0.6, "Trịnh": 0.6,
    "Đào": 0.6, "Cao": 0.5, "Hà": 0.5, "Lương": 0.5, "Tạ": 0.3, "Châu": 0.3, "Quách": 0.2,
    "Thái": 0.2,
}  # fmt: skip
"""Shares in percent: the common ones after Lê Trung Hoa, Họ và tên người Việt Nam (2005)."""

VIETNAMESE_GIVEN_MALE: Final = (
    "Hùng Tuấn Dũng Minh Anh Hải Nam Cường Thành Sơn Hoàng Long Đức Quang Bình Hiếu Phong Thắng "
    "Trung Tùng Việt Khánh Phúc Huy Kiên Tâm Toàn Vinh Tân Đạt Quân Khoa Lộc Tài Trí"
).split()
VIETNAMESE_GIVEN_FEMALE: Final = (
    "Hương Lan Hoa Mai Linh Thủy Hà Phương Thu Nga Hằng Trang Hạnh Thảo Ngọc Yến Loan Liên Vân "
    "Tuyết Nhung Dung Oanh Xuân Hồng Kim Trâm My"
).split()
VIETNAMESE_MIDDLE: Final = (("Văn Đức Hữu Quốc Minh Xuân").split(), ("Thị Ngọc Thu Kim").split())
"""Second names of men and of women, the first of each by far the most frequent."""

WEST_AFRICAN_FAMILY: Final = (
    "Diallo Ba Sow Barry Diop Ndiaye Fall Camara Traoré Keita Coulibaly Touré Cissé Konaté Sylla "
    "Bah Baldé Kane Sy Gueye Mbaye Seck Thiam Dieng Faye Sarr Koné Ouattara Mensah Owusu Boateng "
    "Asante Osei Agyemang Appiah Okafor Okoro Eze Nwosu Okeke Adeyemi Adebayo Ogunleye Balogun "
    "Abubakar Mohammed Bello Musa Ceesay Jallow Sesay Kamara Conteh Bangura Koroma"
).split()
WEST_AFRICAN_GIVEN_MALE: Final = (
    "Mamadou Moussa Ibrahima Ousmane Abdoulaye Amadou Cheikh Modou Alpha Boubacar Souleymane "
    "Oumar Sekou Thierno Aliou Lamine Samuel Emmanuel Kwame Kofi Kwabena Yaw Emeka Chinedu "
    "Ifeanyi Obinna Babatunde Olumide Ayodele Musa Sani Ibrahim Yusuf Daniel Michael Joseph"
).split()
WEST_AFRICAN_GIVEN_FEMALE: Final = (
    "Fatoumata Aminata Mariama Aissatou Kadiatou Fatou Awa Ndeye Khady Adama Hawa Binta Ama Akua "
    "Abena Esi Grace Blessing Ngozi Chioma Adaeze Folake Yetunde Zainab Aisha Hauwa Mary Comfort"
).split()
"""Frequent names of Senegal, Guinea, Mali, Ghana and Nigeria; Faker's lists complete them."""

WEST_AFRICAN_SPELLINGS: Final[dict[str, str]] = {
    "Diallo": "Jallow Djallo Dialo", "Ba": "Bah", "Sow": "So Sowe", "Diop": "Jobe Diope",
    "Ndiaye": "Njie N'Diaye Ndiay", "Camara": "Kamara Kamarah", "Touré": "Turay Toure",
    "Cissé": "Ceesay Cisse", "Sylla": "Silla", "Traoré": "Trawally Traore",
    "Coulibaly": "Koulibaly Kulibali", "Keita": "Keïta Keyta", "Mamadou": "Mamadu Mahmadou",
    "Moussa": "Musa Mousa", "Ibrahima": "Ibrahim Ebrima", "Ousmane": "Usman Osman",
    "Abdoulaye": "Abdulai Abdoulay", "Souleymane": "Sulayman Suleman",
    "Fatoumata": "Fatumata Fatou",
    "Aissatou": "Isatou Aisatu", "Mohammed": "Mohamed Muhammad Mouhamed Mamadou",
    "Oumar": "Omar Umar", "Cheikh": "Sheikh Cheick", "Mariama": "Mariam Maryama",
}  # fmt: skip
"""The same name as French, English or Portuguese speaking neighbours write it."""

EASTERN_EUROPEAN_SPELLING_RULES: Final = (
    ("iy", "y"), ("yi", "i"), ("iya", "ia"), ("yu", "iu"), ("ya", "ia"), ("kh", "h"), ("sh", "sch"),
    ("zh", "j"), ("ts", "tz"), ("ks", "x"), ("v", "w"), ("ch", "tch"), ("ov", "off"), ("ev", "eff"),
    ("e", "ye"), ("y", "i"), ("i", "y"), ("yo", "e"), ("ii", "y"),
)  # fmt: skip
"""How transliterations from Cyrillic differ: passport, English, French and German ways."""

EASTERN_EUROPEAN_SPELLINGS: Final[dict[str, str]] = {
    "Oleksandr": "Aleksandr Alexander", "Aleksandr": "Alexander Alexandr Oleksandr",
    "Serhiy": "Sergey Sergei Serhii", "Sergey": "Sergei Serguei Serhii",
    "Mykola": "Nikolay Nikolai", "Nikolay": "Nikolai Mykola", "Andriy": "Andrey Andrei Andrii",
    "Andrey": "Andrei Andrii", "Dmitriy": "Dmitry Dmitri Dmytro", "Volodymyr": "Vladimir",
    "Yuriy": "Yuri Iurii Yury", "Mikhail": "Michail Mykhailo", "Oleksiy": "Alexey Aleksei",
    "Yevgeniy": "Evgeny Eugene Evgenii", "Evgeniy": "Evgeny Yevgeny Eugene",
}  # fmt: skip

SOUTH_ASIAN_FREQUENT: Final = (
    "Singh Patel Kumar Sharma Kaur Khan Gill Sandhu Shah Dhillon Sidhu Rana Chaudhary Ahmed "
    "Hussain Gupta Verma Das Rahman Thapa"
).split()
"""Names of Punjab, Gujarat and their neighbours, where most of the smuggled come from."""

CANTONESE_SYLLABLES: Final[dict[str, str]] = {
    "wei": "wai", "jian": "kin", "jun": "chun", "guo": "kwok", "xiao": "siu", "zhi": "chi",
    "wen": "man", "hai": "hoi", "yong": "wing", "hui": "wai", "bo": "por", "tao": "to",
    "qiang": "keung", "lei": "lui", "jie": "kit", "gang": "kong", "chao": "chiu", "peng": "pang",
    "bin": "pan", "hao": "ho", "long": "lung", "kai": "hoi", "cheng": "shing", "liang": "leung",
    "sheng": "sing", "xin": "sin", "zhong": "chung", "rong": "wing", "dong": "tung", "lin": "lam",
    "tian": "tin", "zhen": "chun", "heng": "hang", "kun": "kwan", "xiu": "sau", "li": "lai",
    "yan": "yin", "fang": "fong", "juan": "kuen", "jing": "ching", "min": "man", "xia": "ha",
    "qing": "ching", "yun": "wan", "shu": "suk", "qin": "kam", "yue": "yuet", "jia": "ka",
    "hua": "wah", "lian": "lin", "xue": "suet", "qian": "sin", "fen": "fan", "ai": "oi",
    "cui": "chui", "hong": "hung", "yi": "yee", "yu": "yue",
}  # fmt: skip
"""Pinyin syllable: the usual Hong Kong spelling of a frequent character so read."""

EASTERN_EUROPEAN_GIVEN_MALE: Final = (
    "Oleksandr Aleksandr Serhiy Sergey Andriy Andrey Mykola Nikolay Dmitriy Volodymyr Vladimir "
    "Ivan Yuriy Mikhail Oleksiy Viktor Igor Vasyl Pavlo Roman Maksym Denis Oleg Artem Yevgeniy "
    "Bogdan Ruslan Vitaliy Ion Vasile Gheorghe Mihai Andrei Alexandru Cristian Ionut Giorgi Davit"
).split()
EASTERN_EUROPEAN_GIVEN_FEMALE: Final = (
    "Olena Elena Natalia Olga Iryna Irina Svitlana Tetiana Tatiana Anna Maria Oksana Yulia "
    "Kateryna Ekaterina Anastasia Viktoria Liudmyla Halyna Nadia Daria Ana Ioana Mihaela Nino"
).split()
EASTERN_EUROPEAN_FAMILY: Final = (
    "Melnyk Shevchenko Boyko Kovalenko Bondarenko Tkachenko Kovalchuk Kravchenko Oliynyk Shevchuk "
    "Koval Polishchuk Popa Popescu Ionescu Rusu Ceban Munteanu Ciobanu Rotaru Moraru Beridze "
    "Kapanadze Gelashvili"
).split()
"""Frequent in Ukraine, Russia, Romania, Moldova and Georgia; Faker's lists complete them."""
