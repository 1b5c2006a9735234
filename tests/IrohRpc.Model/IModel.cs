namespace IrohRpc.Model;

/// <summary>Every shape of call. Each brings the number of its call, under which the schedule says what its handler does.</summary>
[Alpn("model/1")]
public partial interface IModel
{
    ValueTask<long> AskAsync(long id, CallContext context, CancellationToken cancellationToken = default);

    [Idempotent]
    ValueTask<long> AskAgainAsync(long id, CallContext context, CancellationToken cancellationToken = default);

    void Post(long id);

    ValueTask<long> LargeAsync(long id, byte[] content, CallContext context, CancellationToken cancellationToken = default);

    IAsyncEnumerable<long> ListAsync(long id, int count, CallContext context, CancellationToken cancellationToken = default);

    ValueTask<long> SumAsync(long id, IAsyncEnumerable<long> items, CallContext context, CancellationToken cancellationToken = default);

    IAsyncEnumerable<long> EchoAsync(long id, IAsyncEnumerable<long> items, CallContext context, CancellationToken cancellationToken = default);

    ValueTask<Stream> ReadAsync(long id, int length, CallContext context, CancellationToken cancellationToken = default);

    ValueTask<long> WriteAsync(long id, Stream content, CallContext context, CancellationToken cancellationToken = default);

    ValueTask<long> ReportAsync(long id, int count, IProgress<long> progress, CallContext context, CancellationToken cancellationToken = default);

    ValueTask<long> CallBackAsync(long id, IModelListener listener, CallContext context, CancellationToken cancellationToken = default);

    ValueTask<IModelListener> OpenAsync(long id, CallContext context, CancellationToken cancellationToken = default);
}

/// <summary>An object that either side passes.</summary>
[Alpn("model-listener/1")]
public partial interface IModelListener
{
    ValueTask<long> HearAsync(long id, CancellationToken cancellationToken = default);
}
