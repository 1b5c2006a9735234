using System.Buffers.Binary;
using IrohRpc.Gossip.Messages;
using IrohRpc.Gossip.Net;

namespace IrohRpc.Gossip;

/// <content>The connections to peers: dialled when something is to be said, accepted from the router, read and written.</content>
public sealed partial class Gossip
{
    private const long BannedCode = 1;
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        Task run;
        lock (_lock)
        {
            if (_disposed || IsBanned(connection.PeerId) || (!_links.ContainsKey(connection.PeerId) && _links.Count >= _options.MaxPeers))
            {
                run = connection.CloseAsync(BannedCode, "not now", CancellationToken.None).AsTask();
            }
            else
            {
                if (connection.RemoteAddress.Kind == TransportAddressKind.Ip)
                {
                    // On QUIC a peer dials from where it listens.
                    _addresses.Add(new EndpointAddress(connection.PeerId, connection.RemoteAddress));
                }

                run = Attach(LinkTo(connection.PeerId), connection);
            }
        }

        // The router's shutdown closes the connection under it, in its time.
        await run.ConfigureAwait(false);
    }

    private PeerLink LinkTo(EndpointId peer)
    {
        if (!_links.TryGetValue(peer, out PeerLink? link))
        {
            _links[peer] = link = new PeerLink(peer, _options.SendQueueCapacity);
        }

        return link;
    }

    private void Enqueue(EndpointId peer, Outgoing outgoing)
    {
        if (IsBanned(peer) || (_disposed && outgoing.Message is not null))
        {
            return;
        }

        if (!_links.ContainsKey(peer) && _links.Count >= _options.MaxPeers)
        {
            // Whoever names peers that nobody knows makes us dial no more of them than may connect. Who is not asked is taken for gone by whoever waits.
            return;
        }

        PeerLink link = LinkTo(peer);
        if (!link.Queue.Writer.TryWrite(outgoing))
        {
            GossipLog.PeerDropped(_logger, peer, "it does not read what it is sent");
            CloseAll(link, "too slow");
            return;
        }

        if (link.Active is null && !link.IsDialling)
        {
            link.IsDialling = true;
            Track(DialAsync(link));
        }
    }

    private async Task DialAsync(PeerLink link)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            EndpointAddress? address;
            lock (_lock)
            {
                address = _options.AddressLookup?.Invoke(link.Peer) ?? _addresses.Find(link.Peer);
            }

            PeerConnection connection = await _endpoint.DialAsync(
                address ?? new EndpointAddress(link.Peer), _options.DialAlpns, _closing.Token).ConfigureAwait(false);
            lock (_lock)
            {
                link.IsDialling = false;
                if (_disposed || IsBanned(link.Peer))
                {
                    Track(connection.DisposeAsync().AsTask());
                }
                else
                {
                    Track(Attach(link, connection));
                }
            }
        }
        catch (Exception failure) when (failure is PeerException or OperationCanceledException or ObjectDisposedException)
        {
            GossipLog.DialFailed(_logger, link.Peer, failure);
            lock (_lock)
            {
                link.IsDialling = false;
                if (link.Active is null)
                {
                    link.DropQueue();
                }

                Detached(link);
            }
        }
    }

    // Under the lock. The first connection is written to; further ones, where both dialled at once, are only read.
    private Task Attach(PeerLink link, PeerConnection connection)
    {
        link.Connections.Add(connection);
        bool isWriter = link.Active is null;
        if (isWriter)
        {
            link.Active = connection;
        }

        return RunAsync(link, connection, isWriter);
    }

    private async Task RunAsync(PeerLink link, PeerConnection connection, bool isWriter)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        string? problem = null;
        try
        {
            bool isOld = connection.Alpn == GossipProtocol.OldAlpn;
            PeerStream? both = !isOld ? null
                : connection.IsDialler ? await connection.OpenBidirectionalStreamAsync(ended.Token).ConfigureAwait(false)
                : await connection.AcceptBidirectionalStreamAsync(ended.Token).ConfigureAwait(false);
            Task read = both is not null ? ReadOldAsync(connection, both, ended.Token) : ReadNewAsync(connection, ended.Token);
            Task write = isWriter ? WriteAsync(link, connection, both, ended.Token) : Task.Delay(Timeout.Infinite, ended.Token);
            Task first = await Task.WhenAny(read, write).ConfigureAwait(false);
            if (first == write && write.IsCompletedSuccessfully)
            {
                // Said goodbye: what the peer still sends is read until it has seen that.
                await Task.WhenAny(read, Task.Delay(GoodbyeTimeout, _options.TimeProvider, ended.Token)).ConfigureAwait(false);
            }

            await ended.CancelAsync().ConfigureAwait(false);
            if (both is not null)
            {
                await both.DisposeAsync().ConfigureAwait(false);
            }

            await Task.WhenAll(read, write).ConfigureAwait(false);
        }
        catch (GossipViolationException violation)
        {
            problem = violation.Message;
        }
        catch (Exception failure) when (failure is PeerException or OperationCanceledException or ObjectDisposedException)
        {
            GossipLog.ConnectionEnded(_logger, link.Peer, failure);
        }
        finally
        {
            await connection.CloseAsync(problem is null ? 0 : BannedCode, problem ?? "", CancellationToken.None).ConfigureAwait(false);
            lock (_lock)
            {
                link.Connections.Remove(connection);
                if (link.Active == connection)
                {
                    link.Active = null;
                }

                if (problem is not null)
                {
                    Ban(link.Peer, problem);
                }

                AfterConnection(link);
            }
        }
    }

    // Another connection takes over what waits; without one, what waits for a peer that said goodbye is reason to dial again.
    private void AfterConnection(PeerLink link)
    {
        if (link.Active is not null)
        {
            return;
        }

        bool isWaiting = link.Queue.Reader.TryPeek(out _);
        Detached(link);
        if (isWaiting && !_disposed && !IsBanned(link.Peer) && link.Active is null && !link.IsDialling)
        {
            _links[link.Peer] = link;
            link.IsDialling = true;
            Track(DialAsync(link));
        }
    }

    // Under the lock: tells the topics where no connection is left.
    private void Detached(PeerLink link)
    {
        if (!link.IsIdle)
        {
            return;
        }

        if (_links.GetValueOrDefault(link.Peer) == link && !link.Queue.Reader.TryPeek(out _))
        {
            _links.Remove(link.Peer);
        }

        foreach (TopicEntry entry in _topics.Values.ToArray())
        {
            entry.State.Disconnected(link.Peer);
            Perform(entry);
        }
    }

    // Every task has an owner that waits for it when the gossip ends.
    private void Track(Task task)
    {
        lock (_lock)
        {
            _tasks.Add(task);
        }

        _ = task.ContinueWith(
            done =>
            {
                _ = done.Exception;
                lock (_lock)
                {
                    _tasks.Remove(done);
                }
            },
            CancellationToken.None, TaskContinuationOptions.RunContinuationsAsynchronously, TaskScheduler.Default);
    }
}
