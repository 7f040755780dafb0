"""Commands for deployments and operators: `flask --app wsgi <command>`."""

import json

import click
from flask import Flask
from flask.cli import AppGroup

from bootstrap import Platform
from models import indexes
from services.verification import Proof
from webapp.operators import RoleName, appoint


def register(app: Flask, platform: Platform) -> None:
    app.cli.add_command(_indexes())
    app.cli.add_command(_operator(platform))
    app.cli.add_command(_ledger(platform))


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
    def verify(*, as_json: bool) -> None:
        """Prove that every balance follows from its entries. Ends with 1 on any mismatch."""
        proof = platform.verification.verify()
        click.echo(_counts(proof) if as_json else _sentences(proof))
        if proof.mismatches:
            raise SystemExit(1)

    return group


def _counts(proof: Proof) -> str:
    names = ("accounts", "entries", "mismatches", "seconds")
    return json.dumps({name: getattr(proof, name) for name in names})


def _sentences(proof: Proof) -> str:
    walked = (
        f"Walked {proof.entries} entries of {proof.accounts} accounts in {proof.seconds:.1f} s: "
    )
    found = f"{proof.mismatches} mismatches." if proof.mismatches else "the ledger is whole."
    return "\n".join([walked + found, *(f"- {finding}" for finding in proof.findings)])
