"""Scores by words are those of Whoosh itself, on the same index."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from whoosh.index import open_dir
from whoosh.query import Or, Term
from whoosh.scoring import BM25F

from search_index import SearchRequest
from search_index.candidates import Candidates
from search_index.facts import TEXT_FIELDS

texts = st.lists(
    st.sampled_from(
        ["food", "pantry", "rent", "help", "legal", "aid", "clinic", "dental", "child", "care"]
    ),
    max_size=9,
).map(" ".join)
listings = st.fixed_dictionaries(
    {"name": texts, "organization": texts, "description": texts, "terms": texts, "place": texts}
)
# One commit after another: which services get which texts, and which are removed.
commits = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from("abcdefgh"), listings, max_size=5),
        st.sets(st.sampled_from("abcdefgh"), max_size=2),
    ),
    min_size=1,
    max_size=9,
)


def whoosh_scores(index, stems):
    build = index.folder / (index.folder / "current").read_text()
    opened = open_dir(str(build))
    query = Or([Term(field, stem) for field in TEXT_FIELDS for stem in stems])
    with opened.searcher(weighting=BM25F()) as searcher:
        found = searcher.search(query, limit=None)
        scores = {hit["record"][0]: found.score(number) for number, hit in enumerate(found)}
    opened.close()
    return scores


def add(scores, statistics, stem, number, candidates):
    for having in statistics.having([stem], number, candidates).values():
        np.add.at(scores, having.places, having.values)


def own_scores(index, stems):
    index.search(SearchRequest())
    snapshot = index._current()
    scores = {}
    for number, part in enumerate(snapshot.parts):
        rows = np.zeros(part.segment.size, dtype=np.float32)
        for stem in stems:
            add(rows, snapshot.statistics, stem, number, Candidates.all_of(part.segment))
        ids = [record.document_id for record in part.records()]
        live = np.arange(rows.size) if part.live is None else np.flatnonzero(part.live)
        scores |= {name: score for name, score in zip(ids, rows[live], strict=True) if score > 0}
    return scores


@settings(max_examples=60)
@given(
    commits, st.lists(st.sampled_from(["food", "rent", "legal", "clinic"]), min_size=1, unique=True)
)
@example([({"a": dict.fromkeys(("name", "terms"), "food " * 300)}, set()), ({}, {"a"})], ["food"])
def test_scores_are_those_of_whoosh_over_segments_deletions_and_merges(
    document, index_of, commits, stems
):
    index = index_of()
    for changed, removed in commits:
        index.apply([document(name, **text) for name, text in changed.items()], removed)
    assert own_scores(index, stems) == pytest.approx(whoosh_scores(index, stems), rel=1e-5)


def test_many_commits_are_merged_into_few_segments_and_score_like_whoosh(document, index_of):
    index = index_of()
    for number in range(30):
        index.apply(
            [document(f"s{number}", name=f"food {'rent ' * (number % 7)}")], [f"s{number - 9}"]
        )
    scores = own_scores(index, ["food", "rent"])
    assert len(index._current().parts) < 10
    assert len(scores) == 9
    assert scores == pytest.approx(whoosh_scores(index, ["food", "rent"]), rel=1e-5)


def test_some_candidates_score_like_all(document, index_of):
    rng = np.random.default_rng(7)
    words = np.array(["food", "pantry", "rent", "legal", "clinic"])
    index = index_of(
        document(
            f"s{n}",
            "l",
            name=" ".join(rng.choice(words, 3)),
            description=" ".join(rng.choice(words, 9)),
            latitude=41 + rng.normal(0, 0.3),
            longitude=-87 + rng.normal(0, 0.3),
        )
        for n in range(300)
    )
    index.search(SearchRequest())
    snapshot = index._current()
    segment = snapshot.parts[0].segment
    everybody = np.zeros(segment.size, dtype=np.float32)
    add(everybody, snapshot.statistics, "rent", 0, Candidates.all_of(segment))
    around = Candidates.around(segment, 41.0, -87.0, 25.0)
    others = np.array([0, 5, 290], dtype=np.int32)
    for some in (around, around.together_with(others)):
        scores = np.zeros(some.size, dtype=np.float32)
        add(scores, snapshot.statistics, "rent", 0, some)
        rows = some.rows(np.arange(some.size))
        assert 0 < len(rows) < 300
        assert scores == pytest.approx(everybody[rows])
