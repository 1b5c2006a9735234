namespace IrohRpc.Transports.Tests.Tls;

/// <summary>Accepts that wait when their listener goes away, and accepts that are cancelled.</summary>
public sealed class TlsAcceptTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Disposing_fails_pending_accepts()
    {
        using var acceptor = new TlsPeer();
        ITransportListener listener = await acceptor.ListenAsync();
        Task<PeerConnection>[] pending = [.. Enumerable.Range(0, 3).Select(_ => listener.AcceptAsync(Token).AsTask())];
        await listener.DisposeAsync().AsTask().WaitAsync(TlsPeer.Patience, Token);
        foreach (Task<PeerConnection> accept in pending)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => accept.WaitAsync(TlsPeer.Patience, Token));
        }
    }

    [Fact]
    public async Task Cancelled_accepts_lose_no_connection()
    {
        using var acceptor = new TlsPeer();
        using var dialler = new TlsPeer();
        await using ITransportListener listener = await acceptor.ListenAsync();
        for (int i = 0; i < 20; i++)
        {
            using var cancel = new CancellationTokenSource();
            Task<PeerConnection> accept = listener.AcceptAsync(cancel.Token).AsTask();
            Task<PeerConnection> dial = dialler.DialAsync(listener.LocalAddress, acceptor.Id).AsTask();
            if (i % 2 == 0)
            {
                await dial.WaitAsync(TlsPeer.Patience, Token);
            }

            await cancel.CancelAsync();
            await using PeerConnection dialled = await dial.WaitAsync(TlsPeer.Patience, Token);
            PeerConnection accepted;
            try
            {
                accepted = await accept.WaitAsync(TlsPeer.Patience, Token);
            }
            catch (OperationCanceledException)
            {
                accepted = await listener.AcceptAsync(Token).AsTask().WaitAsync(TlsPeer.Patience, Token);
            }

            await accepted.DisposeAsync();
        }
    }
}
