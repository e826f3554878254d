"""A product of the tests: its client may come for one ring."""

from uuid import UUID

from tenant_apps.agencies.subjects import Choice, Subject

RING = UUID(int=42)

RINGS = Subject(
    product="pawn_loans",
    question="Quelle bague ?",
    offered=lambda _client: [Choice(RING, "La bague")],
    for_client=lambda client, uuids: {RING: "La bague"} if RING in uuids and client.pk == 1 else {},
    for_desk=lambda uuids: {RING: "Bague n° 42"} if RING in uuids else {},
)
