namespace IrohRpc.Model;

/// <summary>Where calls are written down, by their callers and by their handlers.</summary>
internal interface ICallBook
{
    DateTimeOffset Now { get; }

    ModelCall Call(long id);

    /// <summary>A connection that has to hold nothing when all is over.</summary>
    void Note(RpcConnection connection);

    void NotePost(ModelCall call);

    void SourceBegan();

    void SourceEnded();
}
