namespace IrohRpc.Calls;

/// <summary>Something that runs user code: a handler to start, or a caller to wake.</summary>
internal interface ILaneWork
{
    /// <summary>The queue's: what comes after it.</summary>
    ILaneWork? Next { get; set; }

    /// <summary>Runs it. Never throws.</summary>
    void Run();
}
