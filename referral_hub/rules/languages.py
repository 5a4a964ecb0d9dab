"""Languages as people say them, by their ISO 639 codes."""

from collections.abc import Mapping

LANGUAGES: dict[str, str] = {
    "en": "English", "es": "Spanish", "aa": "Afar", "ab": "Abkhazian", "af": "Afrikaans",
    "ak": "Akan", "ase": "American Sign Language", "am": "Amharic", "ar": "Arabic",
    "hy": "Armenian", "as": "Assamese", "aii": "Assyrian", "ay": "Aymara", "az": "Azerbaijani",
    "bm": "Bambara", "eu": "Basque", "be": "Belarusian", "bn": "Bengali", "bi": "Bislama",
    "bs": "Bosnian", "bg": "Bulgarian", "my": "Burmese", "yue": "Cantonese", "ca": "Catalan",
    "ceb": "Cebuano", "ch": "Chamorro", "ce": "Chechen", "ny": "Chichewa", "zh": "Chinese",
    "chk": "Chuukese", "hr": "Croatian", "cs": "Czech", "da": "Danish", "prs": "Dari",
    "din": "Dinka", "nl": "Dutch", "dz": "Dzongkha", "et": "Estonian", "ee": "Ewe",
    "fj": "Fijian", "fil": "Filipino", "fi": "Finnish", "fr": "French", "ff": "Fulah",
    "gl": "Galician", "lg": "Ganda", "ka": "Georgian", "de": "German", "el": "Greek",
    "gn": "Guarani", "gu": "Gujarati", "ht": "Haitian Creole", "ha": "Hausa", "he": "Hebrew",
    "hi": "Hindi", "hmn": "Hmong", "hu": "Hungarian", "is": "Icelandic", "ig": "Igbo",
    "ilo": "Ilocano", "id": "Indonesian", "ga": "Irish", "it": "Italian", "ja": "Japanese",
    "kn": "Kannada", "kr": "Kanuri", "kar": "Karen", "ks": "Kashmiri", "kk": "Kazakh",
    "km": "Khmer", "quc": "K'iche'", "ki": "Kikuyu", "rw": "Kinyarwanda", "rn": "Kirundi",
    "kg": "Kongo", "ko": "Korean", "kri": "Krio", "ku": "Kurdish", "ky": "Kyrgyz", "lo": "Lao",
    "lv": "Latvian", "ln": "Lingala", "lt": "Lithuanian", "lu": "Luba-Katanga",
    "lb": "Luxembourgish", "mk": "Macedonian", "mg": "Malagasy", "ms": "Malay",
    "ml": "Malayalam", "mt": "Maltese", "mam": "Mam", "cmn": "Mandarin Chinese", "mi": "Maori",
    "mr": "Marathi", "mh": "Marshallese", "mix": "Mixtec", "mn": "Mongolian", "nah": "Nahuatl",
    "na": "Nauru", "nv": "Navajo", "ne": "Nepali", "no": "Norwegian",
    "oj": "Ojibwe", "om": "Oromo", "or": "Odia", "os": "Ossetian", "pag": "Pangasinan",
    "pap": "Papiamento", "ps": "Pashto", "fa": "Persian", "pl": "Polish", "pt": "Portuguese",
    "pa": "Punjabi", "kek": "Q'eqchi'", "qu": "Quechua", "rhg": "Rohingya", "ro": "Romanian",
    "rom": "Romani", "ru": "Russian", "sm": "Samoan", "sg": "Sango", "sa": "Sanskrit",
    "sr": "Serbian", "sn": "Shona", "sd": "Sindhi", "si": "Sinhala", "sk": "Slovak",
    "sl": "Slovenian", "so": "Somali", "st": "Sotho", "sw": "Swahili", "sv": "Swedish",
    "tl": "Tagalog", "tg": "Tajik", "ta": "Tamil", "tt": "Tatar", "te": "Telugu", "th": "Thai",
    "bo": "Tibetan", "ti": "Tigrinya", "to": "Tongan", "tn": "Tswana", "tr": "Turkish",
    "tk": "Turkmen", "tw": "Twi", "ug": "Uyghur", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek",
    "vi": "Vietnamese", "cy": "Welsh", "wo": "Wolof", "xh": "Xhosa", "yi": "Yiddish",
    "yo": "Yoruba", "zap": "Zapotec", "zu": "Zulu",
}  # fmt: skip
"""Languages that clients speak, the two most frequent first: ISO 639-1 codes, and 639-3 ones where
there is no shorter."""
LANGUAGE_NAME: Mapping[str, str] = LANGUAGES | {
    "amh": "Amharic", "ara": "Arabic", "deu": "German", "eng": "English", "fra": "French",
    "guj": "Gujarati", "hat": "Haitian Creole", "hin": "Hindi", "hye": "Armenian",
    "ita": "Italian", "jpn": "Japanese", "khm": "Khmer", "kor": "Korean", "lao": "Lao",
    "mya": "Burmese", "nb": "Norwegian", "nep": "Nepali", "pan": "Punjabi", "pes": "Persian",
    "pol": "Polish", "por": "Portuguese", "pus": "Pashto", "rus": "Russian", "som": "Somali",
    "spa": "Spanish", "sq": "Albanian", "swa": "Swahili", "tam": "Tamil", "tgl": "Tagalog",
    "tir": "Tigrinya", "tur": "Turkish", "ukr": "Ukrainian", "urd": "Urdu", "vie": "Vietnamese",
    "zho": "Chinese",
}  # fmt: skip
"""English names of all codes in use, those too that only listings write; any other shows as it is
written."""
LANGUAGES_OF_CONSENT = (
    "en",
    "es",
    "ar",
    "fr",
    "ht",
    "pl",
    "ru",
    "so",
    "sw",
    "uk",
    "vi",
    "yue",
    "zh",
)
"""Languages that are offered where somebody says in which one they spoke with a client."""
