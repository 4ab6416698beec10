"""Locations and registers."""

import datetime as dt

import factory

from pos.registers.models import Location, Register


class LocationFactory(factory.django.DjangoModelFactory[Location]):
    """A shop in Berlin whose trading day ends at four in the morning."""

    class Meta:
        model = Location

    code = factory.Sequence(lambda n: f"location{n}")
    name = factory.LazyAttribute(lambda location: location.code.title())
    address = factory.LazyFunction(lambda: ["Torstraße 1", "10119 Berlin"])
    time_zone = "Europe/Berlin"
    cut_off = dt.time(4, 0)


class RegisterFactory(factory.django.DjangoModelFactory[Register]):
    """A till that has sold nothing yet."""

    class Meta:
        model = Register

    location = factory.SubFactory(LocationFactory)
    code = factory.Sequence(lambda n: f"R{n}")
    name = factory.LazyAttribute(lambda register: f"Till {register.code}")
