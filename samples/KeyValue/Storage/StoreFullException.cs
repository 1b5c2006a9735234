namespace KeyValue.Storage;

/// <summary>The file has the size that it may have: a compaction makes room.</summary>
internal sealed class StoreFullException() : StoreException("The store is full. Compact it, or raise the limit of its size.");
