"""Payments in French."""

from types import MappingProxyType
from typing import Final

from payments.gateways.languages.words import Words

FRENCH: Final = Words(
    tag="fr",
    decimal_mark=",",
    sentences=MappingProxyType(
        {
            "prepared": "Le paiement de {amount} se prépare ; rien n’a encore été encaissé.",
            "prepared.try_again": (
                "Le paiement de {amount} va être retenté, le prestataire est occupé ; rien n’a encore été encaissé."
            ),
            "prepared.not_connected": (
                "Pour le paiement de {amount}, le compte de paiement ne répond pas ; rien n’a été encaissé. "
                "Encaissez autrement."
            ),
            "presented": "Le paiement de {amount} est demandé ; attendez le client.",
            "presented.link": (
                "Le paiement de {amount} peut se faire par le lien ; rien n’a encore été encaissé."
            ),
            "presented.people": (
                "Le paiement de {amount} se fait sur le terminal de carte ; saisissez ce que dit son ticket."
            ),
            "presented.declined": (
                "Le paiement de {amount} est toujours demandé ; une carte a été refusée.{why} Attendez le client."
            ),
            "presented.try_again": (
                "Le paiement de {amount} est demandé ; le prestataire tarde à dire ce qu’il en est."
            ),
            "presented.not_connected": (
                "Le paiement de {amount} est demandé ; le compte de paiement ne répond pas, on ne peut pas voir ce "
                "qu’il en est."
            ),
            "presented.refused": (
                "Le paiement de {amount} est demandé ; ce qu’il en est n’a pas pu être lu."
            ),
            "authorised": "La somme de {authorised} est réservée sur la carte et pas encore encaissée.",
            "authorised.declined": (
                "La somme de {authorised} reste réservée sur la carte ; davantage a été refusé.{why}"
            ),
            "authorised.same_card": (
                "La somme de {authorised} reste réservée sur la carte ; davantage a été refusé.{why} "
                "Vous pouvez réessayer."
            ),
            "authorised.refused": (
                "La somme de {authorised} reste réservée sur la carte ; la dernière étape a été rejetée."
            ),
            "authorised.try_again": (
                "La somme de {authorised} est réservée sur la carte ; la dernière étape va être retentée."
            ),
            "authorised.not_connected": (
                "La somme de {authorised} est réservée sur la carte et pas encore encaissée ; le compte de "
                "paiement ne répond pas."
            ),
            "captured": "Le paiement de {captured} est encaissé.",
            "captured.unsettled": (
                "Le paiement de {captured} est encaissé et n’est encore rattaché à aucune commande."
            ),
            "captured.other_amount": (
                "Le paiement de {captured} est encaissé ; le montant demandé était de {amount}."
            ),
            "declined": (
                "Le paiement de {amount} a été refusé ; rien n’a été encaissé.{why} "
                "Prenez une autre carte ou un autre moyen de paiement."
            ),
            "declined.same_card": (
                "Le paiement de {amount} a été refusé ; rien n’a été encaissé.{why} "
                "La même carte peut être essayée encore une fois."
            ),
            "declined.reader_trouble": (
                "Pour le paiement de {amount}, le lecteur n’a pas pu servir ; rien n’a été encaissé.{why} "
                "Prenez un autre lecteur ou un autre moyen de paiement."
            ),
            "declined.at_reader": (
                "Le paiement de {amount} n’a pas été fait au lecteur ; rien n’a été encaissé.{why} "
                "Redemandez-le ou encaissez autrement."
            ),
            "cancelled": "Le paiement de {amount} a été annulé ; rien n’a été encaissé.",
            "cancelled.paid_before": (
                "Le paiement de {amount} n’a pas été redemandé : un paiement précédent est finalement passé. "
                "Regardez d’abord la commande."
            ),
            "expired": "Le paiement de {amount} n’est pas venu à temps ; rien n’a été encaissé.",
            "expired.never_made": (
                "Le paiement de {amount} n’est jamais parvenu au prestataire de paiement ; rien n’a été encaissé."
            ),
            "refused": (
                "Le paiement de {amount} n’a pas pu être demandé ; rien n’a été encaissé. Encaissez autrement."
            ),
            "refused.not_connected": (
                "Le paiement de {amount} n’a pas pu être demandé, le compte de paiement n’est pas relié ; "
                "rien n’a été encaissé."
            ),
            "unknown": (
                "On ne sait pas encore si le paiement de {amount} est encaissé. Ne l’encaissez pas de nouveau : "
                "on est en train de vérifier."
            ),
            "unknown.undecidable": (
                "Il est impossible de savoir ici si le paiement de {amount} est encaissé. Regardez sur les pages "
                "du prestataire ; une personne autorisée en permet alors un autre."
            ),
            "unknown.overridden": (
                "On ne sait pas si le paiement de {amount} est encaissé ; quelqu’un en a permis un autre. "
                "S’il l’était, l’argent est gardé."
            ),
        }
    ),
    refunds=MappingProxyType(
        {
            "prepared": "Le remboursement de {amount} est en cours d’envoi.",
            "pending": "Le remboursement de {amount} est en route ; certaines banques prennent des jours.",
            "unknown": (
                "On ne sait pas encore si le remboursement de {amount} est fait. Ne le versez pas autrement : "
                "on est en train de vérifier."
            ),
            "succeeded": "Le remboursement de {amount} est fait.",
            "failed": (
                "Le remboursement de {amount} a échoué et reste dû au client. Renvoyez-le ou versez-le autrement."
            ),
            "failed.disputed": (
                "Le remboursement de {amount} n’a pas été fait : le client a contesté le paiement auprès de sa "
                "banque, qui le reprend elle-même. Regardez d’abord le litige ; ne le versez pas en plus."
            ),
            "settled": "Le remboursement de {amount} a été versé au client autrement.",
        }
    ),
    reasons=MappingProxyType(
        {
            "no_money": "Il n’y a pas assez d’argent sur la carte.",
            "limit": "Le plafond de la carte est dépassé.",
            "expired_card": "La carte a expiré.",
            "wrong_pin": "Le code était faux.",
            "pin_blocked": "Le code était faux trop de fois.",
            "insert_card": "La banque veut la carte insérée et son code.",
            "not_supported": "Cette carte ne peut pas payer cela ici.",
            "wrong_details": "Les données de la carte ont été mal saisies.",
            "bank_silent": "La banque n’a pas pu décider à l’instant.",
            "test_card": "C’est une carte de test.",
            "value_unknown": "Personne ne connaît cette carte cadeau.",
            "value_blocked": "La carte cadeau ne peut pas servir.",
            "value_expired": "La carte cadeau a expiré.",
            "value_short": "Il n’y a pas assez sur la carte cadeau.",
            "value_pin": "La carte cadeau demande son code à une caisse.",
            "reader_busy": "Il est occupé à autre chose.",
            "reader_offline": "Il est hors ligne.",
            "reader_fault": "Il est en panne.",
            "guest_cancelled": "Le client a annulé au lecteur.",
            "reader_cancelled": "Il a été annulé au lecteur.",
            "no_card": "Personne n’a présenté de carte à temps.",
            "reader_stopped": "Le lecteur ne demande plus de carte.",
        }
    ),
    page=MappingProxyType(
        {
            "title": "Paiement",
            "pay": "Payer",
            "decline": "Refuser",
            "go_on": "Continuer",
            "moment": "Un instant, s’il vous plaît.",
            "captured": "Merci. C’est payé.",
            "authorised": "Merci. La somme est réservée.",
            "wait": "Votre paiement est en cours. Ne payez pas une seconde fois.",
            "declined": "Le paiement a été refusé ; rien n’a été encaissé. La caisse peut le redemander.",
            "cancelled": "Cette demande a été retirée. Il n’y a rien à payer ici.",
            "expired": "Cette demande a expiré. Il n’y a plus rien à payer ici.",
            "refused": "Cela ne peut pas être payé ici. Demandez à la caisse.",
            "failed": "Cela n’a pas fonctionné. Réessayez.",
            "no_network": "Il n’y a pas de connexion. On réessaie.",
            "not_now": "On ne peut pas voir à l’instant où en est ce paiement. On vérifie de nouveau.",
            "no_form": "Le formulaire de paiement n’a pas pu être chargé. Demandez à la caisse.",
            "no_script": "Cette page a besoin de JavaScript.",
            "no_such": "Ce paiement n’existe pas.",
            "too_often": "Attendez une minute, s’il vous plaît.",
            "thanks": "Merci.",
            "close": "Vous pouvez fermer cette page.",
            "simulated": "Paiement simulé",
            "no_money": "C’est le simulateur : aucun argent ne circule.",
        }
    ),
)
