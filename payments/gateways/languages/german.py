"""Payments in German."""

from types import MappingProxyType
from typing import Final

from payments.gateways.languages.words import Words

GERMAN: Final = Words(
    tag="de",
    decimal_mark=",",
    sentences=MappingProxyType(
        {
            "prepared": "Die Zahlung über {amount} wird vorbereitet; es wurde noch nichts abgebucht.",
            "prepared.try_again": (
                "Die Zahlung über {amount} wird gleich noch einmal versucht, der Zahlungsanbieter ist ausgelastet; "
                "es wurde noch nichts abgebucht."
            ),
            "prepared.not_connected": (
                "Für die Zahlung über {amount} antwortet das Zahlungskonto nicht; es wurde nichts abgebucht. "
                "Bitte anders kassieren."
            ),
            "presented": "Die Zahlung über {amount} ist angefordert; bitte auf den Gast warten.",
            "presented.link": (
                "Die Zahlung über {amount} kann über den Link erfolgen; es wurde noch nichts abgebucht."
            ),
            "presented.people": (
                "Die Zahlung über {amount} läuft am Kartengerät; bitte eintippen, was auf dessen Beleg steht."
            ),
            "presented.declined": (
                "Die Zahlung über {amount} ist weiter angefordert; eine Karte wurde abgelehnt.{why} "
                "Bitte auf den Gast warten."
            ),
            "presented.try_again": (
                "Die Zahlung über {amount} ist angefordert; der Zahlungsanbieter sagt noch nicht, was daraus wurde."
            ),
            "presented.not_connected": (
                "Die Zahlung über {amount} ist angefordert; das Zahlungskonto antwortet nicht, darum ist nicht zu "
                "sehen, was daraus wurde."
            ),
            "presented.refused": (
                "Die Zahlung über {amount} ist angefordert; was daraus wurde, war nicht zu lesen."
            ),
            "authorised": "Auf der Karte sind {authorised} reserviert und noch nicht abgebucht.",
            "authorised.declined": (
                "Auf der Karte bleiben {authorised} reserviert; mehr wurde abgelehnt.{why}"
            ),
            "authorised.same_card": (
                "Auf der Karte bleiben {authorised} reserviert; mehr wurde abgelehnt.{why} "
                "Es darf noch einmal versucht werden."
            ),
            "authorised.refused": (
                "Auf der Karte bleiben {authorised} reserviert; der letzte Schritt wurde zurückgewiesen."
            ),
            "authorised.try_again": (
                "Auf der Karte sind {authorised} reserviert; der letzte Schritt wird noch einmal versucht."
            ),
            "authorised.not_connected": (
                "Auf der Karte sind {authorised} reserviert und noch nicht abgebucht; das Zahlungskonto "
                "antwortet nicht."
            ),
            "captured": "Die Zahlung über {captured} ist erfolgt.",
            "captured.unsettled": (
                "Die Zahlung über {captured} ist erfolgt und noch keiner Bestellung zugeordnet."
            ),
            "captured.other_amount": "Die Zahlung über {captured} ist erfolgt; verlangt waren {amount}.",
            "declined": (
                "Die Zahlung über {amount} wurde abgelehnt; es wurde nichts abgebucht.{why} "
                "Bitte eine andere Karte oder Zahlungsart nehmen."
            ),
            "declined.same_card": (
                "Die Zahlung über {amount} wurde abgelehnt; es wurde nichts abgebucht.{why} "
                "Dieselbe Karte darf noch einmal versucht werden."
            ),
            "declined.reader_trouble": (
                "Für die Zahlung über {amount} war das Lesegerät nicht zu gebrauchen; es wurde nichts "
                "abgebucht.{why} Bitte ein anderes Gerät oder eine andere Zahlungsart nehmen."
            ),
            "declined.at_reader": (
                "Die Zahlung über {amount} kam am Lesegerät nicht zustande; es wurde nichts abgebucht.{why} "
                "Bitte noch einmal versuchen oder anders kassieren."
            ),
            "cancelled": "Die Zahlung über {amount} wurde abgebrochen; es wurde nichts abgebucht.",
            "cancelled.paid_before": (
                "Die Zahlung über {amount} wurde nicht noch einmal verlangt: eine frühere ist doch erfolgt. "
                "Bitte zuerst die Bestellung ansehen."
            ),
            "expired": "Die Zahlung über {amount} kam nicht rechtzeitig; es wurde nichts abgebucht.",
            "expired.never_made": (
                "Die Zahlung über {amount} hat den Zahlungsanbieter nie erreicht; es wurde nichts abgebucht."
            ),
            "refused": (
                "Die Zahlung über {amount} konnte nicht verlangt werden; es wurde nichts abgebucht. "
                "Bitte anders kassieren."
            ),
            "refused.not_connected": (
                "Die Zahlung über {amount} konnte nicht verlangt werden, das Zahlungskonto ist nicht verbunden; "
                "es wurde nichts abgebucht."
            ),
            "unknown": (
                "Es ist noch nicht bekannt, ob die Zahlung über {amount} erfolgt ist. Bitte nicht noch einmal "
                "kassieren: es wird nachgesehen."
            ),
            "unknown.undecidable": (
                "Es lässt sich hier nicht herausfinden, ob die Zahlung über {amount} erfolgt ist. Bitte auf den "
                "Seiten des Zahlungsanbieters nachsehen; dann erlaubt jemand, der es darf, eine weitere."
            ),
            "unknown.overridden": (
                "Es ist nicht bekannt, ob die Zahlung über {amount} erfolgt ist; jemand hat eine weitere erlaubt. "
                "Ist sie doch erfolgt, bleibt das Geld da."
            ),
        }
    ),
    refunds=MappingProxyType(
        {
            "prepared": "Die Erstattung über {amount} wird gesendet.",
            "pending": "Die Erstattung über {amount} ist unterwegs; bei manchen Banken dauert das Tage.",
            "unknown": (
                "Es ist noch nicht bekannt, ob die Erstattung über {amount} erfolgt ist. Bitte nicht anders "
                "auszahlen: es wird nachgesehen."
            ),
            "succeeded": "Die Erstattung über {amount} ist erfolgt.",
            "failed": (
                "Die Erstattung über {amount} ist gescheitert und steht dem Gast noch zu. Bitte noch einmal senden "
                "oder anders auszahlen."
            ),
            "failed.disputed": (
                "Die Erstattung über {amount} ist nicht erfolgt: der Gast hat der Zahlung bei seiner Bank "
                "widersprochen, und die holt sie selbst zurück. Bitte zuerst die Reklamation ansehen und nicht "
                "außerdem auszahlen."
            ),
            "settled": "Die Erstattung über {amount} hat der Gast auf anderem Weg erhalten.",
        }
    ),
    reasons=MappingProxyType(
        {
            "no_money": "Auf der Karte ist nicht genug Geld.",
            "limit": "Das Limit der Karte reicht nicht.",
            "expired_card": "Die Karte ist abgelaufen.",
            "wrong_pin": "Die PIN war falsch.",
            "pin_blocked": "Die PIN war zu oft falsch.",
            "insert_card": "Die Bank verlangt, dass die Karte gesteckt und die PIN eingegeben wird.",
            "not_supported": "Diese Karte kann das hier nicht bezahlen.",
            "wrong_details": "Die Kartendaten wurden falsch eingegeben.",
            "bank_silent": "Die Bank konnte gerade nicht entscheiden.",
            "test_card": "Es ist eine Testkarte.",
            "value_unknown": "Diese Geschenkkarte kennt niemand.",
            "value_blocked": "Die Geschenkkarte kann nicht benutzt werden.",
            "value_expired": "Die Geschenkkarte ist abgelaufen.",
            "value_short": "Auf der Geschenkkarte ist nicht genug.",
            "value_pin": "Die Geschenkkarte braucht ihre PIN an einer Kasse.",
            "reader_busy": "Es ist mit etwas anderem beschäftigt.",
            "reader_offline": "Es ist nicht verbunden.",
            "reader_fault": "Es ist gestört.",
            "guest_cancelled": "Der Gast hat am Lesegerät abgebrochen.",
            "reader_cancelled": "Am Lesegerät wurde abgebrochen.",
            "no_card": "Es wurde nicht rechtzeitig eine Karte gezeigt.",
            "reader_stopped": "Das Lesegerät fragt nicht mehr nach einer Karte.",
        }
    ),
    page=MappingProxyType(
        {
            "title": "Zahlung",
            "pay": "Bezahlen",
            "decline": "Ablehnen",
            "go_on": "Weiter",
            "moment": "Einen Moment bitte.",
            "captured": "Vielen Dank. Es ist bezahlt.",
            "authorised": "Vielen Dank. Der Betrag ist reserviert.",
            "wait": "Ihre Zahlung ist unterwegs. Bitte nicht noch einmal bezahlen.",
            "declined": (
                "Die Zahlung wurde abgelehnt; es wurde nichts abgebucht. Die Kasse kann sie noch einmal verlangen."
            ),
            "cancelled": "Diese Zahlung wurde zurückgezogen. Hier ist nichts zu bezahlen.",
            "expired": "Die Zeit für diese Zahlung ist abgelaufen. Hier ist nichts mehr zu bezahlen.",
            "refused": "Das kann hier nicht bezahlt werden. Bitte an der Kasse fragen.",
            "failed": "Das hat nicht geklappt. Bitte noch einmal versuchen.",
            "no_network": "Es besteht keine Verbindung. Es wird noch einmal versucht.",
            "not_now": "Wie es um diese Zahlung steht, ist gerade nicht zu sehen. Es wird noch einmal nachgesehen.",
            "no_form": "Das Zahlungsformular konnte nicht geladen werden. Bitte an der Kasse fragen.",
            "no_script": "Diese Seite braucht JavaScript.",
            "no_such": "Diese Zahlung gibt es nicht.",
            "too_often": "Bitte eine Minute warten.",
            "thanks": "Vielen Dank.",
            "close": "Sie können diese Seite schließen.",
            "simulated": "Simulierte Zahlung",
            "no_money": "Das ist der Simulator: es fließt kein Geld.",
        }
    ),
)
