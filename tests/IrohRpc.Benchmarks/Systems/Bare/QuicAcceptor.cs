using System.Net;
using System.Net.Quic;
using System.Net.Security;

namespace IrohRpc.Benchmarks.Systems.Bare;

/// <summary>A listener for QUIC, and the way to it. Each stream is served by itself.</summary>
internal sealed class QuicAcceptor : IAsyncDisposable
{
    private static readonly SslApplicationProtocol Protocol = new("bare");

    private readonly QuicListener _listener;
    private readonly Func<QuicStream, Task> _serve;
    private readonly Task _accepting;

    private QuicAcceptor(QuicListener listener, Func<QuicStream, Task> serve)
    {
        _listener = listener;
        _serve = serve;
        _accepting = AcceptAsync();
    }

    public static async Task<QuicAcceptor> ListenAsync(Func<QuicStream, Task> serve) => new(
        await QuicListener.ListenAsync(new QuicListenerOptions
        {
            ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
            ApplicationProtocols = [Protocol],
            ListenBacklog = 4096,
            ConnectionOptionsCallback = (_, _, _) => ValueTask.FromResult(new QuicServerConnectionOptions
            {
                DefaultCloseErrorCode = 0,
                DefaultStreamErrorCode = 0,
                MaxInboundBidirectionalStreams = 20_000,
                IdleTimeout = TimeSpan.FromMinutes(5),
                ServerAuthenticationOptions = Certificates.Server(mutual: true, Protocol),
            }),
        }),
        serve);

    /// <summary>Connects to this listener.</summary>
    public ValueTask<QuicConnection> DialAsync() => QuicConnection.ConnectAsync(new QuicClientConnectionOptions
    {
        RemoteEndPoint = _listener.LocalEndPoint,
        DefaultCloseErrorCode = 0,
        DefaultStreamErrorCode = 0,
        IdleTimeout = TimeSpan.FromMinutes(5),
        ClientAuthenticationOptions = Certificates.Client(mutual: true, Protocol),
    });

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptConnectionAsync());
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (QuicException exception) when (exception.QuicError == QuicError.OperationAborted)
            {
                return;
            }
            catch (Exception exception) when (exception is QuicException or System.Security.Authentication.AuthenticationException)
            {
                // A handshake that failed: the dialler says why.
            }
        }
    }

    private async Task ServeAsync(QuicConnection connection)
    {
        await using (connection)
        {
            try
            {
                while (true)
                {
                    _ = ServeAsync(await connection.AcceptInboundStreamAsync());
                }
            }
            catch (QuicException)
            {
                // The other side left.
            }
        }
    }

    private async Task ServeAsync(QuicStream stream)
    {
        await using (stream)
        {
            try
            {
                await _serve(stream);
            }
            catch (Exception exception) when (exception is QuicException or IOException)
            {
                // The other side left.
            }
        }
    }
}
