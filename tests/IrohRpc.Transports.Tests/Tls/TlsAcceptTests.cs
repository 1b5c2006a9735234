using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using IrohRpc.Transports.Tls.Internal;
using Microsoft.Extensions.Logging;

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

    [Fact]
    public async Task Listener_that_cannot_accept_any_more_says_so_and_ends_when_it_is_disposed_of()
    {
        using var acceptor = new TlsPeer();
        var log = new RecordingLog();
        var settings = new TransportSettings { Certificates = acceptor.Settings.Certificates, LoggerFactory = log };
        ITransportListener listener = await TlsTransport.Instance.ListenAsync(new ListenRequest(new IPEndPoint(IPAddress.Loopback, 0), ["a"], settings), Token);
        SocketOf((TlsListener)listener).Dispose();
        LogLine line = await log.WhenAsync(line => line.Text.StartsWith("Accepting at", StringComparison.Ordinal)).WaitAsync(TlsPeer.Patience, Token);
        Assert.Equal(LogLevel.Warning, line.Level);
        await listener.DisposeAsync().AsTask().WaitAsync(TlsPeer.Patience, Token);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_socket")]
    private static extern ref Socket SocketOf(TlsListener listener);
}
