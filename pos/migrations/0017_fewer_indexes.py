"""Indexes that another one begins with, or that nobody looks up by, are dropped: a merchant has few."""

import django.db.models.deletion
from django.db import migrations, models

# Django's own way would drop each foreign key and check all rows of a merchant when it makes it again.
_DROP = [
    "DROP INDEX pos_cashsession_register_id_fd64ee77",
    "DROP INDEX pos_category_image_id_61e04a12",
    "DROP INDEX pos_category_parent_id_049aef8c",
    "DROP INDEX pos_combochoice_slot_id_c15912da",
    "DROP INDEX pos_combochoice_variant_id_ef3c17c1",
    "DROP INDEX pos_comboslot_item_id_dbe913e5",
    "DROP INDEX pos_groupuse_group_id_3ae08027",
    "DROP INDEX pos_item_category_id_a0dad8b8",
    "DROP INDEX pos_item_tax_class_id_14ef8bf2",
    "DROP INDEX pos_itemimage_image_id_2697f210",
    "DROP INDEX pos_itemimage_item_id_2272fac7",
    "DROP INDEX pos_modifier_group_id_2bd40dfb",
    "DROP INDEX pos_modifierprice_location_id_6728a3fe",
    "DROP INDEX pos_modifierprice_modifier_id_8a6379c5",
    "DROP INDEX pos_order_location_id_dc684b9f",
    "DROP INDEX pos_order_register_id_449954e2",
    "DROP INDEX pos_orderline_order_id_7a13835b",
    "DROP INDEX pos_ordertax_order_id_36b24f90",
    "DROP INDEX pos_pricelistentry_price_list_id_ba851305",
    "DROP INDEX pos_quickkey_category_id_ebed90e2",
    "DROP INDEX pos_quickkey_item_id_7c9925f5",
    "DROP INDEX pos_quickkey_register_id_6ebe60c4",
    "DROP INDEX pos_quickkey_variant_id_0361ed61",
    "DROP INDEX pos_register_location_id_04f2bd6d",
    "DROP INDEX pos_servicecharge_tax_class_id_d2c90f70",
    "DROP INDEX pos_stocklevel_location_id_f1e7fdba",
    "DROP INDEX pos_stop_item_id_abe00512",
    "DROP INDEX pos_stop_location_id_740f5d6d",
    "DROP INDEX pos_stop_variant_id_57f64c64",
    "DROP INDEX pos_variant_item_id_8c51732d",
]
_MAKE_AGAIN = [
    "CREATE INDEX pos_cashsession_register_id_fd64ee77 ON pos_cashsession (register_id)",
    "CREATE INDEX pos_category_image_id_61e04a12 ON pos_category (image_id)",
    "CREATE INDEX pos_category_parent_id_049aef8c ON pos_category (parent_id)",
    "CREATE INDEX pos_combochoice_slot_id_c15912da ON pos_combochoice (slot_id)",
    "CREATE INDEX pos_combochoice_variant_id_ef3c17c1 ON pos_combochoice (variant_id)",
    "CREATE INDEX pos_comboslot_item_id_dbe913e5 ON pos_comboslot (item_id)",
    "CREATE INDEX pos_groupuse_group_id_3ae08027 ON pos_groupuse (group_id)",
    "CREATE INDEX pos_item_category_id_a0dad8b8 ON pos_item (category_id)",
    "CREATE INDEX pos_item_tax_class_id_14ef8bf2 ON pos_item (tax_class_id)",
    "CREATE INDEX pos_itemimage_image_id_2697f210 ON pos_itemimage (image_id)",
    "CREATE INDEX pos_itemimage_item_id_2272fac7 ON pos_itemimage (item_id)",
    "CREATE INDEX pos_modifier_group_id_2bd40dfb ON pos_modifier (group_id)",
    "CREATE INDEX pos_modifierprice_location_id_6728a3fe ON pos_modifierprice (location_id)",
    "CREATE INDEX pos_modifierprice_modifier_id_8a6379c5 ON pos_modifierprice (modifier_id)",
    "CREATE INDEX pos_order_location_id_dc684b9f ON pos_order (location_id)",
    "CREATE INDEX pos_order_register_id_449954e2 ON pos_order (register_id)",
    "CREATE INDEX pos_orderline_order_id_7a13835b ON pos_orderline (order_id)",
    "CREATE INDEX pos_ordertax_order_id_36b24f90 ON pos_ordertax (order_id)",
    "CREATE INDEX pos_pricelistentry_price_list_id_ba851305 ON pos_pricelistentry (price_list_id)",
    "CREATE INDEX pos_quickkey_category_id_ebed90e2 ON pos_quickkey (category_id)",
    "CREATE INDEX pos_quickkey_item_id_7c9925f5 ON pos_quickkey (item_id)",
    "CREATE INDEX pos_quickkey_register_id_6ebe60c4 ON pos_quickkey (register_id)",
    "CREATE INDEX pos_quickkey_variant_id_0361ed61 ON pos_quickkey (variant_id)",
    "CREATE INDEX pos_register_location_id_04f2bd6d ON pos_register (location_id)",
    "CREATE INDEX pos_servicecharge_tax_class_id_d2c90f70 ON pos_servicecharge (tax_class_id)",
    "CREATE INDEX pos_stocklevel_location_id_f1e7fdba ON pos_stocklevel (location_id)",
    "CREATE INDEX pos_stop_item_id_abe00512 ON pos_stop (item_id)",
    "CREATE INDEX pos_stop_location_id_740f5d6d ON pos_stop (location_id)",
    "CREATE INDEX pos_stop_variant_id_57f64c64 ON pos_stop (variant_id)",
    "CREATE INDEX pos_variant_item_id_8c51732d ON pos_variant (item_id)",
]
_FIELDS = [
    migrations.AlterField(
        model_name="cashsession",
        name="register",
        field=models.ForeignKey(
            db_index=False,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="sessions",
            to="pos.register",
        ),
    ),
    migrations.AlterField(
        model_name="category",
        name="image",
        field=models.ForeignKey(
            blank=True,
            db_index=False,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="+",
            to="pos.catalogimage",
        ),
    ),
    migrations.AlterField(
        model_name="category",
        name="parent",
        field=models.ForeignKey(
            blank=True,
            db_index=False,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="children",
            to="pos.category",
        ),
    ),
    migrations.AlterField(
        model_name="combochoice",
        name="slot",
        field=models.ForeignKey(
            db_index=False,
            on_delete=django.db.models.deletion.CASCADE,
            related_name="choices",
            to="pos.comboslot",
        ),
    ),
    migrations.AlterField(
        model_name="combochoice",
        name="variant",
        field=models.ForeignKey(
            db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="pos.variant"
        ),
    ),
    migrations.AlterField(
        model_name="comboslot",
        name="item",
        field=models.ForeignKey(
            db_index=False,
            on_delete=django.db.models.deletion.CASCADE,
            related_name="combo_slots",
            to="pos.item",
        ),
    ),
    migrations.AlterField(
        model_name="groupuse",
        name="group",
        field=models.ForeignKey(
            db_index=False,
            on_delete=django.db.models.deletion.CASCADE,
            related_name="uses",
            to="pos.modifiergroup",
        ),
    ),
    migrations.AlterField(
        model_name="item",
        name="category",
        field=models.ForeignKey(
            db_index=False,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="items",
            to="pos.category",
        ),
    ),
    migrations.AlterField(
        model_name="item",
        name="tax_class",
        field=models.ForeignKey(
            db_index=False,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="items",
            to="pos.taxclass",
        ),
    ),
    migrations.AlterField(
        model_name="itemimage",
        name="image",
        field=models.ForeignKey(
            db_index=False,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="uses",
            to="pos.catalogimage",
        ),
    ),
    migrations.AlterField(
        model_name="itemimage",
        name="item",
        field=models.ForeignKey(
            db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="images", to="pos.item"
        ),
    ),
    migrations.AlterField(
        model_name="modifier",
        name="group",
        field=models.ForeignKey(
            db_index=False,
            on_delete=django.db.models.deletion.CASCADE,
            related_name="modifiers",
            to="pos.modifiergroup",
        ),
    ),
    migrations.AlterField(
        model_name="modifierprice",
        name="location",
        field=models.ForeignKey(
            blank=True,
            db_index=False,
            null=True,
            on_delete=django.db.models.deletion.CASCADE,
            related_name="+",
            to="pos.location",
        ),
    ),
    migrations.AlterField(
        model_name="modifierprice",
        name="modifier",
        field=models.ForeignKey(
            db_index=False,
            on_delete=django.db.models.deletion.CASCADE,
            related_name="prices",
            to="pos.modifier",
        ),
    ),
    migrations.AlterField(
        model_name="order",
        name="location",
        field=models.ForeignKey(
            db_index=False,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="orders",
            to="pos.location",
        ),
    ),
    migrations.AlterField(
        model_name="order",
        name="register",
        field=models.ForeignKey(
            db_index=False,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="orders",
            to="pos.register",
        ),
    ),
    migrations.AlterField(
        model_name="orderline",
        name="order",
        field=models.ForeignKey(
            db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="pos.order"
        ),
    ),
    migrations.AlterField(
        model_name="ordertax",
        name="order",
        field=models.ForeignKey(
            db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="taxes", to="pos.order"
        ),
    ),
    migrations.AlterField(
        model_name="pricelistentry",
        name="price_list",
        field=models.ForeignKey(
            db_index=False,
            on_delete=django.db.models.deletion.CASCADE,
            related_name="entries",
            to="pos.pricelist",
        ),
    ),
    migrations.AlterField(
        model_name="quickkey",
        name="category",
        field=models.ForeignKey(
            blank=True,
            db_index=False,
            null=True,
            on_delete=django.db.models.deletion.CASCADE,
            related_name="+",
            to="pos.category",
        ),
    ),
    migrations.AlterField(
        model_name="quickkey",
        name="item",
        field=models.ForeignKey(
            blank=True,
            db_index=False,
            null=True,
            on_delete=django.db.models.deletion.CASCADE,
            related_name="+",
            to="pos.item",
        ),
    ),
    migrations.AlterField(
        model_name="quickkey",
        name="register",
        field=models.ForeignKey(
            blank=True,
            db_index=False,
            null=True,
            on_delete=django.db.models.deletion.CASCADE,
            related_name="quick_keys",
            to="pos.register",
        ),
    ),
    migrations.AlterField(
        model_name="quickkey",
        name="variant",
        field=models.ForeignKey(
            blank=True,
            db_index=False,
            null=True,
            on_delete=django.db.models.deletion.CASCADE,
            related_name="+",
            to="pos.variant",
        ),
    ),
    migrations.AlterField(
        model_name="register",
        name="location",
        field=models.ForeignKey(
            db_index=False,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="registers",
            to="pos.location",
        ),
    ),
    migrations.AlterField(
        model_name="servicecharge",
        name="tax_class",
        field=models.ForeignKey(
            blank=True,
            db_index=False,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="+",
            to="pos.taxclass",
        ),
    ),
    migrations.AlterField(
        model_name="stocklevel",
        name="location",
        field=models.ForeignKey(
            db_index=False,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="stock_levels",
            to="pos.location",
        ),
    ),
    migrations.AlterField(
        model_name="stop",
        name="item",
        field=models.ForeignKey(
            blank=True,
            db_index=False,
            null=True,
            on_delete=django.db.models.deletion.CASCADE,
            related_name="+",
            to="pos.item",
        ),
    ),
    migrations.AlterField(
        model_name="stop",
        name="location",
        field=models.ForeignKey(
            blank=True,
            db_index=False,
            null=True,
            on_delete=django.db.models.deletion.CASCADE,
            related_name="+",
            to="pos.location",
        ),
    ),
    migrations.AlterField(
        model_name="stop",
        name="variant",
        field=models.ForeignKey(
            blank=True,
            db_index=False,
            null=True,
            on_delete=django.db.models.deletion.CASCADE,
            related_name="+",
            to="pos.variant",
        ),
    ),
    migrations.AlterField(
        model_name="variant",
        name="item",
        field=models.ForeignKey(
            db_index=False,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="variants",
            to="pos.item",
        ),
    ),
]
# For searches with LIKE 'x%', which nobody makes: what earlier releases have of them, whichever app's. The schema
# editor of fynlo.core.postgres makes no new ones, so merchants of this release have none.
_DROP_LIKE = [
    "DROP INDEX IF EXISTS auth_group_name_a6ea08ec_like",
    "DROP INDEX IF EXISTS django_session_session_key_c0390e0f_like",
    "DROP INDEX IF EXISTS events_cursor_reader_bc927721_like",
    "DROP INDEX IF EXISTS payments_account_code_7f7a01ae_like",
    "DROP INDEX IF EXISTS payments_tendertype_code_80876828_like",
    "DROP INDEX IF EXISTS pos_barcode_code_d560549b_like",
    "DROP INDEX IF EXISTS pos_barcodepattern_name_5b067831_like",
    "DROP INDEX IF EXISTS pos_catalogimage_digest_489e8aff_like",
    "DROP INDEX IF EXISTS pos_location_code_52bac1c2_like",
    "DROP INDEX IF EXISTS pos_menu_name_5f168fbe_like",
    "DROP INDEX IF EXISTS pos_modifiergroup_name_4845c371_like",
    "DROP INDEX IF EXISTS pos_pricelist_name_eede9201_like",
    "DROP INDEX IF EXISTS pos_promotion_name_76fe7f44_like",
    "DROP INDEX IF EXISTS pos_register_code_f123b23d_like",
    "DROP INDEX IF EXISTS pos_servicecharge_name_da103527_like",
    "DROP INDEX IF EXISTS pos_taxclass_code_2c8fb901_like",
    "DROP INDEX IF EXISTS staff_employee_number_bd1e5e8d_like",
    "DROP INDEX IF EXISTS staff_role_code_7bda6c04_like",
    "DROP INDEX IF EXISTS staff_staffsession_token_hash_c9c37e99_like",
    "DROP INDEX IF EXISTS sync_pairingcode_selector_ee9f575c_like",
    "DROP INDEX IF EXISTS sync_terminal_token_hash_2de48f0b_like",
]


class Migration(migrations.Migration):
    dependencies = [("pos", "0016_stock_file_batches")]

    operations = [
        migrations.RunSQL(sql=_DROP, reverse_sql=_MAKE_AGAIN, state_operations=_FIELDS),
        migrations.RunSQL(sql=_DROP_LIKE, reverse_sql=migrations.RunSQL.noop),
    ]
