"""What a pawn loan costs: dated tariffs of a caisse, the debt on a day with its lines, the TAEG and the usury ceilings.

`document` is a tariff as a caisse writes it, `tariff` the same made ready to compute with, `loan` what the engine
must know of a contract. `debt` says what is owed on a day and why, and what may be done with it. The algorithm in
prose, with worked numbers: docs/algorithms/pawn-interest.md.
"""
