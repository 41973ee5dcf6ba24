"""Writes vectors.csv. Run once with passlib 1.7.4 and bcrypt 4.0.1: python3 vectors.py > vectors.csv

The published vectors are passlib's own, which has those of John the Ripper, Openwall's crypt_blowfish and py-bcrypt
(OpenBSD's) among them. The others are made here, by the bcrypt library of the Python Cryptographic Authority.
"""

import bcrypt
from passlib.hash import bcrypt as plain, bcrypt_sha256
from passlib.tests.test_handlers_bcrypt import _bcrypt_sha256_test, _bcrypt_test

SALT = "abcdefghijklmnopqrstuu"


def row(source, verdict, password, digest):
    octets = password.encode("utf-8") if isinstance(password, str) else password
    print(f"{source},{verdict},{octets.hex()},'{digest}'")


print("# source, verdict, password as hexadecimal digits, hash; made by vectors.py")
for password, digest in _bcrypt_test.known_correct_hashes:
    if digest.startswith(("$2a$", "$2b$", "$2y$")):
        row("passlib", "right", password, digest)
for password, digest in _bcrypt_sha256_test.known_correct_hashes:
    row("passlib", "right", password, digest)

for version in (b"2a", b"2b", b"2y"):
    for password in (b"", b"correct horse battery", "pässwörd €".encode(), b"\x80\xff\xfe", b"x" * 71, b"x" * 72, b"x" * 73):
        setting = b"$" + version + b"$05$" + SALT.encode()
        row("pyca", "right", password, bcrypt.hashpw(password, setting).decode())
for cost in (*range(4, 13), 16):
    row("pyca", "right", b"correct horse battery", bcrypt.hashpw(b"correct horse battery", bcrypt.gensalt(cost)).decode())
seventy_two = bcrypt.hashpw(b"x" * 72, b"$2b$05$" + SALT.encode()).decode()
row("pyca", "wrong", b"x" * 71, seventy_two)
row("pyca", "wrong", b"x" * 71 + b"y", seventy_two)
row("pyca", "right", b"x" * 72 + b"anything", seventy_two)
row("pyca", "wrong", b"", bcrypt.hashpw(b"a", b"$2b$05$" + SALT.encode()).decode())

for version in (1, 2):
    scheme = bcrypt_sha256.using(rounds=5, version=version, salt=SALT)
    for password in (b"", b"correct horse battery", "pässwörd €".encode(), b"x" * 72, b"x" * 73):
        row("passlib", "right", password, scheme.hash(password))
    row("passlib", "wrong", b"x" * 72, scheme.hash(b"x" * 73))
    row("passlib", "wrong", b"Correct horse battery", scheme.hash(b"correct horse battery"))
row("passlib", "right", b"correct horse battery", bcrypt_sha256.using(rounds=5, version=1, ident="2a", salt=SALT).hash("correct horse battery"))
