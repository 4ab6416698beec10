"""Drawers hold notes of other currencies, which are counted apart."""

from typing import ClassVar

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Columns with defaults of the database's, and a check that allows more than the one before it.

    A movement of foreign notes moves nothing of the merchant's own money: `amount_minor` is 0. So the sums that the
    release before makes of a drawer's movements stay right while both run.
    """

    dependencies: ClassVar = [("pos", "0028_plurals")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="cashmovement",
            name="foreign_currency",
            field=models.CharField(blank=True, db_default="", default="", max_length=3),
        ),
        migrations.AddField(
            model_name="cashmovement", name="foreign_minor", field=models.BigIntegerField(null=True)
        ),
        migrations.AddField(
            model_name="cashmovement", name="worth_minor", field=models.BigIntegerField(null=True)
        ),
        migrations.AddField(
            model_name="cashmovement",
            name="foreign_rate",
            field=models.DecimalField(decimal_places=8, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name="cashsession",
            name="opening_foreign",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="cashsession",
            name="foreign_cash",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.RunSQL(
            "ALTER TABLE pos_cashmovement DROP CONSTRAINT pos_cashmovement_not_zero",
            # Going back, movements of foreign notes stay; the old rule is for new ones.
            reverse_sql="ALTER TABLE pos_cashmovement ADD CONSTRAINT pos_cashmovement_not_zero CHECK "
            "((amount_minor = 0 AND kind = 'no_sale') OR (kind <> 'no_sale' AND amount_minor <> 0)) NOT VALID",
            state_operations=[
                migrations.RemoveConstraint(model_name="cashmovement", name="pos_cashmovement_not_zero")
            ],
        ),
        AddConstraintNotValid(
            model_name="cashmovement",
            constraint=models.CheckConstraint(
                condition=Q(kind="no_sale", amount_minor=0, foreign_currency="")
                | (~Q(kind="no_sale") & ~Q(amount_minor=0) & Q(foreign_currency=""))
                | (
                    ~Q(kind="no_sale")
                    & ~Q(foreign_currency="")
                    & ~Q(foreign_minor=0)
                    & Q(amount_minor=0, foreign_minor__isnull=False, worth_minor__isnull=False)
                ),
                name="pos_cashmovement_not_zero",
            ),
        ),
    ]
