"""The Azure Blob driver."""

from storage.drivers.azure.options import AzureOptions
from storage.drivers.azure.store import AzureStore

__all__ = ["AzureOptions", "AzureStore"]
