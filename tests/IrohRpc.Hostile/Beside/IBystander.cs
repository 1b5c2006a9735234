namespace IrohRpc.Hostile;

/// <summary>What an honest caller calls while another peer attacks its service.</summary>
[Alpn("bystander/1")]
public partial interface IBystander
{
    ValueTask<string> EchoAsync(string text, CancellationToken cancellationToken = default);

    ValueTask<byte[]> BlobAsync(int length, CancellationToken cancellationToken = default);

    ValueTask<int> TakeAsync(byte[] bytes, CallContext? context = null, CancellationToken cancellationToken = default);

    ValueTask<int> CountAsync(Dictionary<long, int> map, CancellationToken cancellationToken = default);

    ValueTask WaitAsync(CallContext? context = null, CancellationToken cancellationToken = default);

    ValueTask FailAsync(CancellationToken cancellationToken = default);

    /// <summary>Takes an object and does nothing with it.</summary>
    ValueTask MeetAsync(IGuest guest, CancellationToken cancellationToken = default);

    /// <summary>Calls the object.</summary>
    ValueTask VisitAsync(IGuest guest, CancellationToken cancellationToken = default);

    /// <summary>Downloads a blob.</summary>
    /// <returns>How that ended.</returns>
    ValueTask<string> FetchAsync(string blob, CancellationToken cancellationToken = default);
}
