namespace KeyValue.Storage;

/// <summary>A revision was asked for that is not there yet.</summary>
internal sealed class FutureRevisionException(long asked, long latest)
    : StoreException($"The store is at revision {latest}; there is no revision {asked} yet.");
