"""What customers send: addresses, parcels, and things that are neither."""

SENDERS = (
    "Maria O'Brien\n388 Townsend St Apt 20\nSan Francisco, CA 94107\n415-555-0132",
    "Lee & Sons\n350 5th Ave\nNew York, NY 10118\n212-555-0147",
    "Ana Núñez\n233 S Wacker Dr\nChicago, IL 60606\n312-555-0123",
)
RECIPIENTS = (
    "John Smith\n350 5th Ave\nNew York, NY 10118",
    "Grace Hopper\n179 N Harbor Dr #4\nRedondo Beach, CA 90277",
    "Sam Carter\n400 Broad St\nSeattle, WA 98109",
    "Zoë Müller\n600 Congress Ave\nAustin, TX 78701",
    "D'Arcy Jones\n1 Beacon St\nBoston, MA 02108",
)
PARCELS = ("2 lb 10x8x4", "1 lb 6x4x2", "12 oz 9x6x1", "5 lb 12x9x6")
GARBAGE = (
    "😀😀😀",
    "NaN",
    "<b>bold</b> & <i>not",
    '{"$gt": ""}',
    "\u202eright to left",
    "x" * 3_900,
    "/nothing",
    "-1",
    "' OR 1=1 --",
    "\u0000\u0007 bell",
)
