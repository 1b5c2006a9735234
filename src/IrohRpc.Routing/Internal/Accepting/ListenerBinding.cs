using System.Net;
using IrohRpc.Transports;

namespace IrohRpc.Routing.Internal.Accepting;

/// <summary>Binds the listeners of an endpoint: every transport at every address, on one port number where it can be had.</summary>
internal sealed class ListenerBinding
{
    // Each round asks the system for another free TCP port; that UDP has the same one taken several times in a row is no accident any more.
    private const int Rounds = 8;

    private readonly Func<IPEndPoint, ListenRequest> _request;
    private readonly List<(ITransport Transport, IPEndPoint At)> _fixed = [];
    private readonly List<(ITransport Transport, IPEndPoint At)> _free = [];

    /// <param name="transports">The transports that work here, most wanted first.</param>
    /// <param name="listenOn">Where to listen.</param>
    /// <param name="request">Makes the request for an address.</param>
    public ListenerBinding(IReadOnlyList<ITransport> transports, IReadOnlyList<IPEndPoint> listenOn, Func<IPEndPoint, ListenRequest> request)
    {
        _request = request;

        // From the back: QUIC comes first by preference, and TCP is to find the port, since the system hands out TCP ports more sparingly.
        foreach (ITransport transport in transports.Reverse())
        {
            foreach (IPEndPoint at in listenOn)
            {
                (at.Port == 0 ? _free : _fixed).Add((transport, at));
            }
        }
    }

    /// <summary>Binds all, or throws and leaves nothing bound.</summary>
    public async ValueTask<IReadOnlyList<ITransportListener>> BindAsync(CancellationToken cancellationToken)
    {
        var bound = new Bound();
        try
        {
            foreach ((ITransport transport, IPEndPoint at) in _fixed)
            {
                await BindOneAsync(bound, transport, at, cancellationToken).ConfigureAwait(false);
            }

            bool together = false;
            for (int round = 0; round < Rounds && !together; round++)
            {
                together = await TryBindTogetherAsync(bound, cancellationToken).ConfigureAwait(false);
            }

            if (!together)
            {
                foreach ((ITransport transport, IPEndPoint at) in _free)
                {
                    await BindOneAsync(bound, transport, at, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch
        {
            await bound.DisposeFromAsync(0).ConfigureAwait(false);
            throw;
        }

        return bound.Listeners;
    }

    private async ValueTask<bool> TryBindTogetherAsync(Bound bound, CancellationToken cancellationToken)
    {
        int before = bound.Listeners.Count;
        int port = 0;
        foreach ((ITransport transport, IPEndPoint at) in _free)
        {
            try
            {
                int? got = await BindOneAsync(bound, transport, new IPEndPoint(at.Address, port), cancellationToken).ConfigureAwait(false);
                port = got ?? port;
            }
            catch (PeerException exception) when (exception.Kind == PeerErrorKind.AddressInUse && port != 0)
            {
                await bound.DisposeFromAsync(before).ConfigureAwait(false);
                return false;
            }
        }

        return true;
    }

    /// <returns>The port, or null where the transport has none.</returns>
    private async ValueTask<int?> BindOneAsync(Bound bound, ITransport transport, IPEndPoint at, CancellationToken cancellationToken)
    {
        if (bound.WithoutAddress.Contains(transport))
        {
            return null;
        }

        ITransportListener listener;
        try
        {
            listener = await transport.ListenAsync(_request(at), cancellationToken).ConfigureAwait(false);
        }
        catch (PeerException exception) when (exception.Kind == PeerErrorKind.AddressInUse)
        {
            throw new PeerException(
                PeerErrorKind.AddressInUse,
                $"The endpoint cannot listen on {at} with the {transport.Name} transport: {exception.Message}",
                exception);
        }

        bound.Listeners.Add(listener);
        if (listener.LocalAddress.TryGetIPEndPoint(out IPEndPoint? local))
        {
            return local.Port;
        }

        bound.WithoutAddress.Add(transport);
        return null;
    }

    private sealed class Bound
    {
        public List<ITransportListener> Listeners { get; } = [];

        /// <summary>Transports that ignore the IP address that they are given, and so listen once.</summary>
        public HashSet<ITransport> WithoutAddress { get; } = [];

        public async ValueTask DisposeFromAsync(int index)
        {
            foreach (ITransportListener listener in Listeners[index..])
            {
                await listener.DisposeAsync().ConfigureAwait(false);
            }

            Listeners.RemoveRange(index, Listeners.Count - index);
            if (index == 0)
            {
                WithoutAddress.Clear();
            }
        }
    }
}
