"""Commands for deployments and operators: `flask --app wsgi <command>`."""

import json

import click
from flask import Flask
from flask.cli import AppGroup

from bootstrap import Platform
from core.errors import Refusal
from models import indexes
from models.proof import Proof, ProofKind
from services.ledger import Cause
from services.orphans import Orphans
from webapp.operators import RoleName, appoint


def register(app: Flask, platform: Platform) -> None:
    app.cli.add_command(_indexes())
    app.cli.add_command(_operator(platform))
    app.cli.add_command(_ledger(platform))
    app.cli.add_command(_queues(platform))
    app.cli.add_command(_orphans(platform))


def _indexes() -> AppGroup:
    group = AppGroup("indexes", help="The indexes of all collections.")

    @group.command("ensure")
    def ensure() -> None:
        """Build what is missing. Safe to repeat."""
        click.echo(f"Indexes are in place in {len(indexes.ensure())} collections.")

    return group


def _operator(platform: Platform) -> AppGroup:
    group = AppGroup("operator", help="Who may log in.")

    @group.command("create")
    @click.argument("email")
    @click.argument("password")
    @click.option("--role", type=click.Choice([role.value for role in RoleName]), required=True)
    def create(email: str, password: str, role: str) -> None:
        """Make an operator, or set the password and role of the one there is."""
        made = appoint(email, password, RoleName(role))
        platform.audits.record("command line", "appoint operator", email.lower(), role)
        click.echo(f"Operator {email.lower()} {'made' if made else 'updated'}, role {role}.")

    return group


def _ledger(platform: Platform) -> AppGroup:
    group = AppGroup("ledger", help="The book of all balances.")

    @group.command("verify")
    @click.option("--json", "as_json", is_flag=True, help="Only the counts, for programs.")
    @click.option("--progress", is_flag=True, help="Say on standard error how far it is.")
    @click.option(
        "--kind",
        type=click.Choice([kind.value for kind in ProofKind]),
        default=ProofKind.FULL.value,
        help="All of it, the sums alone, or what is new since the last time.",
    )
    def verify(*, as_json: bool, progress: bool, kind: str) -> None:
        """Prove that every balance follows from its entries. Ends with 1 on any mismatch."""
        proof = platform.verification.verify(
            ProofKind(kind), progress=_say_how_far if progress else _say_nothing
        )
        click.echo(_counts(proof) if as_json else _sentences(proof))
        if proof.mismatches:
            raise SystemExit(1)

    @group.command("clear")
    @click.argument("account")
    @click.option("--by", required=True, help="Your e-mail address.")
    @click.option("--reason", required=True, help="What you found.")
    def clear(account: str, by: str, reason: str) -> None:
        """Let a frozen ACCOUNT buy again, after you have looked into it."""
        try:
            platform.freezes.clear(account, by=by, reason=reason)
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from refusal
        click.echo(f"{account} may buy again.")

    return group


def _queues(platform: Platform) -> click.Command:
    @click.command("queues", help="When each queue's workers were last heard. 1 if one is silent.")
    def queues() -> None:
        signs = platform.liveness.signs()
        for sign in signs:
            heard = sign.heard_at.isoformat(timespec="seconds") if sign.heard_at else "never"
            click.echo(f"{sign.queue:8} {heard:26} {'SILENT' if sign.silent else 'lives'}")
        if any(sign.silent for sign in signs):
            raise SystemExit(1)

    return queues


def _orphans(platform: Platform) -> AppGroup:
    group = AppGroup("orphans", help="Labels at carriers that no customer pays for.")

    @group.command("close")
    @click.argument("orphan")
    @click.option("--by", required=True, help="Your e-mail address.")
    @click.option("--reason", required=True, help="What became of its cost.")
    def close(orphan: str, by: str, reason: str) -> None:
        """End the alert of ORPHAN, after you have seen to it at the carrier."""
        voids = platform.voids
        orphans = Orphans(carriers=voids.carriers, audits=voids.audits, clock=voids.clock)
        try:
            orphans.close(orphan, Cause(by, reason))
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from refusal
        click.echo(f"{orphan} is closed.")

    return group


def _say_how_far(proof: Proof) -> None:
    click.echo(f"{proof.share:.0%}, {proof.entries} entries", err=True)


def _say_nothing(_: Proof) -> None:
    pass


def _counts(proof: Proof) -> str:
    names = ("accounts", "entries", "mismatches", "seconds")
    return json.dumps({name: getattr(proof, name) for name in names})


def _sentences(proof: Proof) -> str:
    walked = (
        f"Walked {proof.entries} entries of {proof.accounts} accounts in {proof.seconds:.1f} s: "
    )
    found = f"{proof.mismatches} mismatches." if proof.mismatches else "the ledger is whole."
    return "\n".join([walked + found, *(f"- {finding}" for finding in proof.findings)])
