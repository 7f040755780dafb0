"""What the way does to a body."""

from random import Random


def bent_on_the_way(random: Random, body: bytes) -> bytes:
    """In up to four places: flipped, cut, doubled, or with noise in between."""
    bent = bytearray(body)
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(bent) or 1)
        match random.randrange(4):
            case 0 if bent:
                bent[place] = random.randrange(256)
            case 1:
                del bent[place : place + random.randint(1, 40)]
            case 2:
                bent[place:place] = bent[place : place + random.randint(1, 40)]
            case _:
                bent[place:place] = random.randbytes(random.randint(1, 8))
    return bytes(bent)
