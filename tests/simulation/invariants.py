"""What must hold after each step, said in SQL by the database's owner, who sees all caisses at once.

Each statement finds what breaks a promise; `{s}` is the schema of a caisse. They are joined into one, so that a step
costs one round trip.
"""

from collections.abc import Mapping, Sequence

OF_ONE: Mapping[str, str] = {
    "every captured cent is applied, held or goes back": """
        SELECT p.uuid::text FROM {s}.payments_payment p LEFT JOIN (
            SELECT payment_id, sum(amount) AS placed FROM {s}.payments_paymentline
            WHERE state IN ('applied', 'held', 'refunding', 'refunded') GROUP BY payment_id) l ON l.payment_id = p.id
        WHERE coalesce(p.captured, 0) <> coalesce(l.placed, 0)""",
    "a payment is applied when all of its lines are": """
        SELECT p.uuid::text FROM {s}.payments_payment p
        WHERE (p.state = 'applied') <> (p.captured IS NOT NULL AND NOT EXISTS (
            SELECT FROM {s}.payments_paymentline l
            WHERE l.payment_id = p.id AND l.state NOT IN ('applied', 'dropped')))""",
    "an applied line is one act on its contract, of its sum": """
        SELECT coalesce(l.uuid, o.payment)::text FROM (
            SELECT p.uuid, l.reference, l.amount FROM {s}.payments_paymentline l
            JOIN {s}.payments_payment p ON p.id = l.payment_id WHERE l.state = 'applied') l
        FULL JOIN (
            SELECT o.payment, c.uuid, o.amount FROM {s}.pawn_operation o
            JOIN {s}.pawn_contract c ON c.id = o.contract_id WHERE o.payment IS NOT NULL) o
        ON o.payment = l.uuid AND o.uuid = l.reference AND o.amount = l.amount
        WHERE l.uuid IS NULL OR o.payment IS NULL""",
    "nothing is applied twice": """
        SELECT payment::text FROM {s}.pawn_operation WHERE payment IS NOT NULL
        GROUP BY payment, contract_id HAVING count(*) > 1
        UNION ALL SELECT uuid::text FROM {s}.pawn_operation GROUP BY uuid HAVING count(*) > 1""",
    "a refund is the sum of its lines": """
        SELECT r.uuid::text FROM {s}.payments_refund r LEFT JOIN (
            SELECT refund_id, state, sum(amount) AS amount FROM {s}.payments_paymentline
            WHERE state IN ('refunding', 'refunded') GROUP BY refund_id, state) l ON l.refund_id = r.id
        WHERE CASE r.state WHEN 'failed' THEN l.amount IS NOT NULL
            WHEN 'done' THEN l.amount IS DISTINCT FROM r.amount OR l.state <> 'refunded'
            ELSE l.amount IS DISTINCT FROM r.amount OR l.state <> 'refunding' END""",
    "the capital is what was lent less what was repaid": """
        SELECT c.number FROM {s}.pawn_contract c LEFT JOIN (
            SELECT contract_id, sum(capital) AS repaid FROM {s}.pawn_operation GROUP BY contract_id) o
            ON o.contract_id = c.id
        WHERE c.capital <> c.amount_lent - coalesce(o.repaid, 0) OR c.capital < 0""",
    "the parts of an act are its sum": """
        SELECT o.uuid::text FROM {s}.pawn_operation o LEFT JOIN (
            SELECT operation_id, sum(amount) AS amount FROM {s}.pawn_operationline GROUP BY operation_id) l
            ON l.operation_id = o.id
        WHERE o.amount <> coalesce(l.amount, 0)""",
    "the term is that of the last prolongation, within two years (CMF D514-7)": """
        SELECT c.number FROM {s}.pawn_contract c LEFT JOIN LATERAL (
            SELECT term_after FROM {s}.pawn_operation o
            WHERE o.contract_id = c.id AND o.kind = 'prolonged'
                AND NOT EXISTS (SELECT FROM {s}.pawn_operation t WHERE t.takes_back_id = o.id)
            ORDER BY id DESC LIMIT 1) o ON true
        WHERE c.due_on > c.opened_on + interval '24 months' OR c.due_on <> coalesce(o.term_after, c.first_term)""",
    "nothing is paid on a contract that has ended, nor is it sold twice": """
        SELECT c.number FROM {s}.pawn_operation o JOIN {s}.pawn_contract c ON c.id = o.contract_id
        JOIN {s}.pawn_operation e ON e.contract_id = o.contract_id AND e.kind IN ('redeemed', 'sold')
        LEFT JOIN {s}.pawn_operation t ON t.takes_back_id = e.id
        WHERE o.id > e.id AND o.id < coalesce(t.id, o.id + 1) AND o.kind IN
            ('prolonged', 'paid_down', 'redeemed', 'announced', 'withdrawn', 'sold')""",
    "an ended contract says how it ended": """
        SELECT c.number FROM {s}.pawn_contract c LEFT JOIN (
            SELECT contract_id, min(kind) AS kind FROM {s}.pawn_operation o
            WHERE kind IN ('redeemed', 'sold')
                AND NOT EXISTS (SELECT FROM {s}.pawn_operation t WHERE t.takes_back_id = o.id)
            GROUP BY contract_id) e ON e.contract_id = c.id
        WHERE CASE WHEN c.state = 'redeemed' THEN e.kind IS DISTINCT FROM 'redeemed'
            WHEN c.state IN ('sold', 'boni_available', 'boni_claimed', 'boni_lapsed')
            THEN e.kind IS DISTINCT FROM 'sold'
            ELSE e.kind IS NOT NULL END""",
    "a sale is announced ten days before (CMF D514-16), after three months (D514-15)": """
        SELECT c.number FROM {s}.pawn_operation o JOIN {s}.pawn_contract c ON c.id = o.contract_id
        LEFT JOIN LATERAL (
            SELECT a.kind, a."on" FROM {s}.pawn_operation a WHERE a.contract_id = o.contract_id AND a.id < o.id
                AND a.kind IN ('announced', 'withdrawn') ORDER BY a.id DESC LIMIT 1) a ON true
        WHERE o.kind = 'sold' AND (a.kind IS DISTINCT FROM 'announced' OR o."on" < a."on" + 10
            OR a."on" < c.opened_on + interval '3 months')
        UNION ALL SELECT number FROM {s}.pawn_contract
        WHERE state = 'for_sale' AND (sale_on < announced_on + 10 OR announced_on < opened_on + interval '3 months')""",
    "a sale is shared out, and no boni is below nothing": """
        SELECT c.number FROM {s}.pawn_sale s JOIN {s}.pawn_contract c ON c.id = s.contract_id
        WHERE s.hammer_price <> s.owed + s.boni - s.deficit OR s.boni < 0 OR s.deficit < 0
            OR s.hammer_price <> (SELECT sum(o.amount) FROM {s}.pawn_operation o
                WHERE o.contract_id = s.contract_id AND o.kind IN ('sold', 'sale_corrected'))
            OR (s.boni > 0) <> (c.state IN ('boni_available', 'boni_claimed', 'boni_lapsed'))""",
    "a boni is paid once, within two years, or is lost after them (CMF D514-21)": """
        SELECT c.number FROM {s}.pawn_sale s JOIN {s}.pawn_contract c ON c.id = s.contract_id
        LEFT JOIN {s}.pawn_operation o ON o.contract_id = c.id AND o.kind IN ('boni_paid', 'boni_lapsed')
        GROUP BY c.id, s.id HAVING count(o.id) <> CASE WHEN c.state IN ('boni_claimed', 'boni_lapsed') THEN 1 ELSE 0 END
            OR bool_or(CASE o.kind WHEN 'boni_paid' THEN o.amount > s.boni OR o."on" >= s.sold_on + interval '2 years'
            ELSE o."on" < s.sold_on + interval '2 years' END)""",
    "what somebody else claims stays where it is (CMF D514-22)": """
        SELECT c.number FROM {s}.pawn_block b JOIN {s}.pawn_contract c ON c.id = b.contract_id
        JOIN {s}.pawn_operation o ON o.contract_id = c.id
            AND o.kind IN ('announced', 'redeemed', 'sold', 'handed_over', 'boni_paid')
        WHERE b.kind = 'claimed_by_other' AND o.source = 'counter'
            AND o.at > b.since AND o.at < coalesce(b.until, 'infinity')""",
    "what is taken back is a payment, part for part, that nothing rests on": """
        SELECT t.uuid::text FROM {s}.pawn_operation t LEFT JOIN {s}.pawn_operation p ON p.id = t.takes_back_id
        WHERE t.kind = 'taken_back' AND (p.id IS NULL OR p.contract_id <> t.contract_id OR p.id > t.id
            OR p.kind NOT IN ('prolonged', 'paid_down', 'redeemed') OR p.amount <> -t.amount
            OR p.capital <> -t.capital OR p.means <> t.means OR (p.receipt = '') <> (t.receipt = '')
            OR (p.source = 'counter' AND p."on" <> t."on") OR p.source NOT IN ('counter', 'card')
            OR EXISTS (SELECT FROM {s}.pawn_operation o WHERE o.contract_id = t.contract_id AND o.id > p.id
                AND o.id < t.id AND o.kind NOT IN ('blocked', 'unblocked', 'charged', 'waived', 'taken_back')
                AND NOT EXISTS (SELECT FROM {s}.pawn_operation b WHERE b.takes_back_id = o.id))
            OR EXISTS (SELECT FROM {s}.pawn_operationline l WHERE l.operation_id IN (t.id, p.id)
                GROUP BY l.part, l.act HAVING sum(l.amount) <> 0))""",
    "what a bank has back is owed again once, and no more of it than it has": """
        SELECT m.uuid::text FROM {s}.payments_payment m JOIN {s}.pawn_operation p ON p.payment = m.uuid
        JOIN {s}.pawn_operation t ON t.takes_back_id = p.id
        GROUP BY m.id HAVING m.dispute <> 'lost' OR sum(p.amount) > m.disputed""",
    "who owes again is told so, once": """
        SELECT 'told' WHERE (SELECT count(*) FROM {s}.pawn_operation WHERE kind = 'taken_back')
            <> (SELECT count(*) FROM {s}.messaging_message WHERE kind = 'pawn_taken_back')""",
    "receipts of the counter are numbered without a gap": """
        SELECT n.series FROM {s}.pawn_numberseries n LEFT JOIN {s}.pawn_operation o
            ON o.receipt LIKE n.series || '-%%' WHERE n.series LIKE 'R%%'
        GROUP BY n.id, n.series, n.last HAVING n.last <> count(o.id)""",
    "objects leave once, after all was paid": """
        SELECT c.number FROM {s}.pawn_operation o JOIN {s}.pawn_contract c ON c.id = o.contract_id
        WHERE o.kind = 'handed_over' GROUP BY c.id, c.number, c.state HAVING c.state <> 'redeemed' OR count(*) > 1""",
    "receipts are numbered without a gap": """
        SELECT y.year::text FROM {s}.payments_receiptyear y LEFT JOIN {s}.payments_payment p
            ON p.receipt LIKE y.year || '-%%'
        GROUP BY y.id, y.year, y.last HAVING y.last <> count(p.id)""",
    "every act is in the journal, once": """
        SELECT o.uuid::text FROM {s}.pawn_operation o LEFT JOIN {s}.journal_event e
            ON e.details ->> 'operation' = o.uuid::text AND e.kind = 'pawn.' || o.kind
        GROUP BY o.uuid HAVING count(e.id) <> 1""",
    "a client alone moves no money, and is told in writing": """
        SELECT uuid::text FROM {s}.pawn_operation
        WHERE source = 'client' AND (amount <> 0 OR kind <> 'prolonged' OR payment IS NOT NULL)
        UNION ALL SELECT 'told' WHERE (SELECT count(*) FROM {s}.pawn_operation WHERE source = 'client')
            <> (SELECT count(*) FROM {s}.messaging_message WHERE kind = 'pawn_prolonged')""",
    "one payment at a time may go through for one thing": """
        SELECT q.uuid::text FROM {s}.payments_payment p
        JOIN {s}.payments_paymentline a ON a.payment_id = p.id
        JOIN {s}.payments_paymentline b ON b.kind = a.kind AND b.reference = a.reference
        JOIN {s}.payments_payment q ON q.id = b.payment_id AND q.id > p.id AND q.created_at < p.expires_at
        WHERE p.state IN ('created', 'waiting') AND q.state IN ('created', 'waiting')""",
    "what was captured a second time serves nothing": """
        SELECT p.uuid::text FROM {s}.payments_payment p JOIN {s}.payments_paymentline l ON l.payment_id = p.id
        WHERE l.kind = 'captured_twice' AND l.state NOT IN ('held', 'refunding', 'refunded')""",
    "of what a bank took in part, no more serves or goes back than it left": """
        SELECT p.uuid::text FROM {s}.payments_payment p JOIN {s}.journal_event e
            ON e.details ->> 'payment' = p.uuid::text AND e.kind IN ('payment.held_applied', 'payment.refund_asked')
            AND e.id > (SELECT min(d.id) FROM {s}.journal_event d
                WHERE d.details ->> 'payment' = p.uuid::text AND d.kind LIKE 'payment.dispute%%')
        WHERE p.dispute = 'lost' AND p.captured < p.disputed + (SELECT coalesce(sum(l.amount), 0)
            FROM {s}.payments_paymentline l
            WHERE l.payment_id = p.id AND l.state IN ('applied', 'refunding', 'refunded'))""",
    "nobody waits for a seat that an agency does not have": """
        SELECT r.code FROM {s}.agencies_hold h JOIN {s}.agencies_resource r ON r.id = h.resource_id
        GROUP BY r.id, r.code, h.step HAVING count(*) > r.capacity""",
    "an appointment holds each of its steps, and one that is cancelled none": """
        SELECT a.uuid::text FROM {s}.agencies_appointment a LEFT JOIN {s}.agencies_hold h
            ON h.appointment_id = a.id AND h.resource_id = a.resource_id
            AND h.step >= a.starts_at AND h.step < a.ends_at
        GROUP BY a.id HAVING count(h.id) <> CASE WHEN a.state = 'cancelled' THEN 0
            ELSE extract(epoch FROM a.ends_at - a.starts_at) / 300 END
        UNION ALL SELECT h.id::text FROM {s}.agencies_hold h JOIN {s}.agencies_appointment a
            ON a.id = h.appointment_id WHERE h.step < a.starts_at OR h.step >= a.ends_at""",
    "nobody is expected in two places at once": """
        SELECT a.uuid::text FROM {s}.agencies_appointment a JOIN {s}.agencies_appointment b
            ON b.client_id = a.client_id AND b.id > a.id AND b.starts_at < a.ends_at AND b.ends_at > a.starts_at
        WHERE a.state = 'booked' AND b.state = 'booked'""",
    "every appointment is in the journal, once": """
        SELECT a.uuid::text FROM {s}.agencies_appointment a LEFT JOIN {s}.journal_event e
            ON e.kind = 'appointment.booked' AND e.details ->> 'appointment' = a.uuid::text
        GROUP BY a.uuid HAVING count(e.id) <> 1""",
    "a caisse names its own contracts and payments alone": """
        SELECT l.reference::text FROM {s}.payments_paymentline l
        LEFT JOIN {s}.pawn_contract c ON c.uuid = l.reference WHERE l.kind = 'pawn_loan' AND c.id IS NULL
        UNION ALL SELECT o.payment::text FROM {s}.pawn_operation o
        LEFT JOIN {s}.payments_payment p ON p.uuid = o.payment WHERE o.payment IS NOT NULL AND p.id IS NULL""",
}

OF_TWO: Mapping[str, str] = {
    f"no row of a caisse has a uuid of another: {table}": (
        f"SELECT a.uuid::text FROM {{a}}.{table} a JOIN {{b}}.{table} b ON b.uuid = a.uuid"  # noqa: S608  # our own words
    )
    for table in (
        "agencies_appointment",
        "pawn_contract",
        "pawn_operation",
        "payments_payment",
        "payments_refund",
    )
}

SUMS = """
    SELECT '{s}', (SELECT array[count(*), coalesce(sum(captured), 0), count(*) FILTER (WHERE state = 'waiting'),
            count(receipt)] FROM {s}.payments_payment),
        (SELECT array[count(*), coalesce(sum(amount) FILTER (WHERE state = 'held'), 0),
            coalesce(sum(amount) FILTER (WHERE state = 'applied'), 0)] FROM {s}.payments_paymentline),
        (SELECT array[count(*), coalesce(sum(amount), 0), count(*) FILTER (WHERE state IN ('asked', 'sent')),
            count(*) FILTER (WHERE state = 'asked')] FROM {s}.payments_refund),
        (SELECT array[count(*), coalesce(sum(amount), 0), coalesce(sum(capital), 0)] FROM {s}.pawn_operation),
        (SELECT array[count(*), coalesce(sum(capital), 0), count(*) FILTER (WHERE state = 'due'),
            count(*) FILTER (WHERE state = 'in_grace')] FROM {s}.pawn_contract),
        (SELECT array[count(*), count(*) FILTER (WHERE state = 'booked'), coalesce(sum(moves), 0)]
            FROM {s}.agencies_appointment), (SELECT array[count(*)] FROM {s}.agencies_hold),
        (SELECT array[count(*)] FROM {s}.pawn_actcharged), (SELECT array[count(*)] FROM {s}.payments_dayreport)"""


def broken_of(schema: str) -> str:
    """One statement: the promise and what breaks it, a row each."""
    return " UNION ALL ".join(_named(name, text.format(s=schema)) for name, text in OF_ONE.items())


def broken_between(schemas: Sequence[str]) -> str:
    """As `broken_of`, of each two of them."""
    pairs = [(a, b) for a in schemas for b in schemas if a < b]
    found = [_named(name, text.format(a=a, b=b)) for a, b in pairs for name, text in OF_TWO.items()]
    return " UNION ALL ".join(found) or "SELECT '', '' WHERE false"


def sums_of(schemas: Sequence[str]) -> str:
    """A row for each caisse: what moves there when money or contracts do."""
    return " UNION ALL ".join(SUMS.format(s=each) for each in schemas) + " ORDER BY 1"


def _named(name: str, statement: str) -> str:
    return f"SELECT '{name}', found.* FROM ({statement}) found".replace("%%", "%")  # noqa: S608  # our own words
