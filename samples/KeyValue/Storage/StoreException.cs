namespace KeyValue.Storage;

/// <summary>The store cannot do what was asked, and nothing has changed.</summary>
internal abstract class StoreException(string message) : Exception(message);
