using System.Diagnostics.CodeAnalysis;
using IrohRpc.Transports;
using IrohRpc.Transports.Internal;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Testing.Internal;

/// <summary>A listening end in a memory network.</summary>
internal sealed class MemoryListener : ITransportListener
{
    private readonly MemoryNetwork _network;
    private readonly ListenRequest _request;
    private readonly AcceptQueue _queue;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private volatile AlpnList _alpns;
    private Task? _disposal;

    public MemoryListener(MemoryNetwork network, TransportAddress address, ListenRequest request)
    {
        _network = network;
        _request = request;
        _alpns = AlpnList.ForAcceptor(request.Alpns);
        LocalAddress = address;
        Logger = request.Settings.LoggerFactory.CreateLogger<MemoryListener>();
        _queue = new AcceptQueue(request.Settings.AcceptBacklog, address.ToString());
    }

    public TransportAddress LocalAddress { get; }

    public ILogger Logger { get; }

    public TransportSettings Settings => _request.Settings;

    public EndpointId Id => Settings.Certificates.Id;

    /// <summary>Fires when the listener is disposed of.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public bool IsDisposed => _stopping.IsCancellationRequested;

    public ValueTask<PeerConnection> AcceptAsync(CancellationToken cancellationToken) => _queue.AcceptAsync(cancellationToken);

    public ValueTask SetAlpnsAsync(IReadOnlyList<string> alpns, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _alpns = AlpnList.ForAcceptor(alpns);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            return new ValueTask(_disposal ??= DisposeCoreAsync());
        }
    }

    /// <summary>Takes a place before the handshake, by the backlog and the admission.</summary>
    /// <param name="remoteAddress">Where the dialler is.</param>
    /// <param name="lease">The admission's lease; null where there is no admission.</param>
    /// <param name="reason">Why the dialler is turned away.</param>
    /// <returns>Whether the handshake may go on; then the connection's acceptance or <see cref="LeavePlace"/> gives the place back.</returns>
    public bool TryEnter(TransportAddress remoteAddress, out IHandshakeLease? lease, [NotNullWhen(false)] out string? reason)
    {
        lease = null;
        reason = IsDisposed ? "nobody listens there any more"
            : !_queue.TryReserve() ? "its limits turned the connection away"
            : null;
        if (reason is not null)
        {
            return false;
        }

        try
        {
            lease = _request.Admission?.TryAdmit(remoteAddress);
            if (_request.Admission is null || lease is not null)
            {
                return true;
            }

            reason = "its admission rules or its limits turned the connection away";
        }
        catch (Exception exception)
        {
            // Admission is the user's code, and this may run on the dialler's thread: what it throws is no concern of the dialler's.
            reason = $"its admission rules failed ({exception.GetType().Name})";
        }

        LeavePlace();
        return false;
    }

    public void LeavePlace() => _queue.Release();

    public bool TryEnqueue(PeerConnection connection) => _queue.TryEnqueue(connection);

    /// <summary>The first of this side's ALPNs that the dialler offers too, or null.</summary>
    public string? Choose(IReadOnlyList<string> offered)
        => _alpns.Names.FirstOrDefault(alpn => offered.Contains(alpn, StringComparer.Ordinal));

    private async Task DisposeCoreAsync()
    {
        _network.Forget(this);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _queue.CloseAsync().ConfigureAwait(false);
    }
}
