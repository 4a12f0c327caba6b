"""The whole program without a screen: tables, rules, queries, history, sheets, reports, commands."""

__version__ = "0.1.0"
