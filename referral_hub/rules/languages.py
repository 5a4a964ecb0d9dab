"""Languages as people say them."""

from collections.abc import Mapping

LANGUAGE_NAME: Mapping[str, str] = {
    "aa": "Afar", "af": "Afrikaans", "ak": "Akan", "am": "Amharic", "amh": "Amharic",
    "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian", "bo": "Tibetan", "bs": "Bosnian",
    "ca": "Catalan", "ceb": "Cebuano", "cs": "Czech", "da": "Danish", "deu": "German",
    "dz": "Dzongkha", "ee": "Ewe", "el": "Greek", "et": "Estonian", "fi": "Finnish",
    "fil": "Filipino", "ff": "Fulah", "ga": "Irish", "gn": "Guarani", "gu": "Gujarati",
    "guj": "Gujarati", "ha": "Hausa", "hat": "Haitian Creole", "he": "Hebrew", "hin": "Hindi",
    "hmn": "Hmong", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "hye": "Armenian",
    "id": "Indonesian", "ig": "Igbo", "is": "Icelandic", "ita": "Italian", "jpn": "Japanese",
    "ka": "Georgian", "kar": "Karen", "kk": "Kazakh", "km": "Khmer", "khm": "Khmer",
    "kn": "Kannada", "kor": "Korean", "ku": "Kurdish", "ky": "Kyrgyz", "lo": "Lao", "lao": "Lao",
    "lt": "Lithuanian", "lv": "Latvian", "mam": "Mam", "mg": "Malagasy", "mk": "Macedonian",
    "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi", "ms": "Malay", "mt": "Maltese",
    "my": "Burmese", "mya": "Burmese", "nb": "Norwegian", "ne": "Nepali", "nep": "Nepali",
    "nl": "Dutch", "no": "Norwegian", "nv": "Navajo", "ny": "Chichewa", "om": "Oromo",
    "or": "Odia", "pa": "Punjabi", "pan": "Punjabi", "pes": "Persian", "por": "Portuguese",
    "prs": "Dari", "ps": "Pashto", "pus": "Pashto", "qu": "Quechua", "quc": "K'iche'",
    "rhg": "Rohingya", "rn": "Kirundi", "ro": "Romanian", "rw": "Kinyarwanda",
    "si": "Sinhala", "sk": "Slovak", "sl": "Slovenian", "sm": "Samoan", "sn": "Shona",
    "som": "Somali", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "swa": "Swahili",
    "ta": "Tamil", "tam": "Tamil", "te": "Telugu", "tg": "Tajik", "tgl": "Tagalog", "th": "Thai",
    "ti": "Tigrinya", "tir": "Tigrinya", "tk": "Turkmen", "to": "Tongan", "tr": "Turkish",
    "tur": "Turkish", "tw": "Twi", "urd": "Urdu", "uz": "Uzbek", "wo": "Wolof", "xh": "Xhosa",
    "yi": "Yiddish", "yo": "Yoruba", "zu": "Zulu",
    "ar": "Arabic", "ara": "Arabic", "ase": "American Sign Language", "bn": "Bengali",
    "de": "German", "en": "English", "eng": "English", "es": "Spanish", "spa": "Spanish",
    "fa": "Persian", "fr": "French", "fra": "French", "hi": "Hindi", "ht": "Haitian Creole",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "pl": "Polish", "pol": "Polish",
    "pt": "Portuguese", "ru": "Russian", "rus": "Russian", "so": "Somali", "sw": "Swahili",
    "tl": "Tagalog", "uk": "Ukrainian", "ukr": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
    "vie": "Vietnamese", "yue": "Cantonese", "zh": "Chinese", "zho": "Chinese",
    "cmn": "Mandarin Chinese",
}  # fmt: skip
"""English names of the ISO 639 codes in use; any other shows as written."""
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
