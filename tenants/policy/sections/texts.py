"""What the caisse says in its own words. Lengths and durations never: screens take them from the policy."""

from typing import Annotated, Literal

from pydantic import Field

from tenants.policy.sections.base import Line, LocalText, OrNone, Paragraph, Section


class AccessibilityRules(Section):
    """The mention that every page carries, and the audit it rests on."""

    state: Literal["none", "partial", "full"] = Field(
        description="La conformité au RGAA : non (none), partielle (partial) ou totale (full)."
    )
    audit: Annotated[Annotated[Line, Field(min_length=1)] | None, *OrNone] = Field(
        description="L’audit qui établit cet état : par qui et quand ; « none » : aucun."
    )


class TextsSection(Section):
    """Shown at the foot of pages, in messages and on the legal pages."""

    phone: Line = Field(max_length=30, description="Le téléphone de l’agence, comme « 04 65 71 00 00 ».")
    address: Paragraph = Field(max_length=300, description="L’adresse postale, une ligne par ligne.")
    opening_hours: LocalText = Field(description="Les heures d’ouverture de l’agence.")
    notice: LocalText = Field(description="Un avis montré sur chaque page ; vide : aucun.")
    welcome: LocalText = Field(description="Une phrase d’accueil sur la page de connexion ; vide : aucune.")
    signature: LocalText = Field(description="Ce qui termine les e-mails, après le nom et l’adresse.")
    publisher: LocalText = Field(
        description="Le nom de la caisse avec son article, comme « le Crédit Municipal de Nîmes » ; vide : le nom seul."
    )
    director: Line = Field(
        max_length=120,
        description="Qui dirige la publication (loi n° 2004-575, art. 1-1) ; vide : non précisé.",
    )
    host: Paragraph = Field(
        max_length=300,
        description="Le nom, l’adresse et le téléphone de l’hébergeur, une ligne par ligne ; vide : non précisé.",
    )
    mediation: LocalText = Field(
        description="Le médiateur de la consommation : nom, adresse et site, ligne par ligne ; vide : non précisé."
    )
    legal: LocalText = Field(description="Les mentions légales propres à la caisse.")
    privacy: LocalText = Field(description="Ce que la caisse ajoute à la page sur les données personnelles.")
    accessibility: AccessibilityRules = Field(description="La mention d’accessibilité.")
