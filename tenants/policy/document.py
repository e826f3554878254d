"""The policy of a caisse: what every screen, message and check reads, as typed attributes.

No field has a default here: `platform.toml` states each of them, so that every value has one origin.
"""

from typing import Annotated, Literal

from pydantic import Field

from tenants.policy.sections.acceptance import Acceptance
from tenants.policy.sections.base import Distinct, Section
from tenants.policy.sections.brand import BrandSection
from tenants.policy.sections.caisse import CaisseSection
from tenants.policy.sections.identifier import IdentifierSection
from tenants.policy.sections.journal import JournalSection
from tenants.policy.sections.lockout import LockoutSection
from tenants.policy.sections.pawn import PawnSection
from tenants.policy.sections.payments import PaymentsSection
from tenants.policy.sections.second_factor import SecondFactorSection
from tenants.policy.sections.secret import SecretSection
from tenants.policy.sections.senders import SendersSection
from tenants.policy.sections.session import SessionSection
from tenants.policy.sections.staff import StaffSection
from tenants.policy.sections.terms import TermsSection
from tenants.policy.sections.texts import TextsSection
from tenants.policy.sections.ways_in import ActivationSection, RecoverySection

Product = Literal[
    "pawn_loans",
    "payments",
    "appointments",
    "savings",
    "transfers",
    "credits",
    "documents",
    "member_space",
]


class Policy(Section):
    """Frozen, and complete: what the caisse does not say, the platform does."""

    products: Annotated[tuple[Product, ...], Distinct] = Field(
        description="Ce que l’espace offre, dans l’ordre du menu."
    )
    caisse: CaisseSection = Field(description="La caisse et ses domaines.")
    identifier: IdentifierSection = Field(description="Ce que le client saisit pour dire qui il est.")
    secret: SecretSection = Field(description="Le mot de passe ou le code secret.")
    second_factor: SecondFactorSection = Field(description="La seconde étape de la connexion.")
    lockout: LockoutSection = Field(description="Le blocage après des échecs.")
    recovery: RecoverySection = Field(description="Le secret ou l’identifiant oublié.")
    activation: ActivationSection = Field(description="La première connexion.")
    session: SessionSection = Field(description="La durée d’une session.")
    journal: JournalSection = Field(description="Le journal de la caisse.")
    staff: StaffSection = Field(description="Ce que l’agence peut accorder à un client.")
    pawn: PawnSection = Field(description="Les prêts sur gage.")
    terms: TermsSection = Field(description="Les conditions d’utilisation.")
    payments: PaymentsSection = Field(description="Le paiement par carte.")
    senders: SendersSection = Field(description="L’expéditeur des messages.")
    texts: TextsSection = Field(description="Les textes de la caisse.")
    brand: BrandSection = Field(description="Le thème et les couleurs.")
    acceptances: tuple[Acceptance, ...] = Field(
        description="Les risques acceptés par le responsable du traitement."
    )

    @property
    def posts_letters(self) -> bool:
        """The agency prints letters as a matter of course: codes, or what the law has told to a borrower."""
        proofs = (*self.activation.sends, *self.recovery.proofs, *self.recovery.proofs_without_email)
        return "letter_code" in proofs or "pawn_loans" in self.products
