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

    private async Task WriteAsync(PeerLink link, PeerConnection connection, PeerStream? both, CancellationToken cancellationToken)
    {
        var topics = new Dictionary<TopicId, PeerStream>();
        while (true)
        {
            Outgoing outgoing = await link.Queue.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (outgoing.Message is { } message)
            {
                if (both is not null)
                {
                    await both.WriteAsync(Frames.Of(outgoing.Topic.ToByteArray(), message), cancellationToken).ConfigureAwait(false);
                    continue;
                }

                if (!topics.TryGetValue(outgoing.Topic, out PeerStream? stream))
                {
                    topics[outgoing.Topic] = stream = await connection.OpenUnidirectionalStreamAsync(cancellationToken).ConfigureAwait(false);
                    await stream.WriteAsync(Frames.Of(outgoing.Topic.ToByteArray()), cancellationToken).ConfigureAwait(false);
                }

                await stream.WriteAsync(Frames.Of(message), cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (topics.Remove(outgoing.Topic, out PeerStream? finished))
            {
                finished.CompleteWrites();
            }

            if (outgoing.EndsConnection && EndsNow(link, connection))
            {
                both?.CompleteWrites();
                foreach (PeerStream stream in topics.Values)
                {
                    stream.CompleteWrites();
                }

                return;
            }
        }
    }

    // Somebody may have wanted the peer again meanwhile.
    private bool EndsNow(PeerLink link, PeerConnection connection)
    {
        lock (_lock)
        {
            if (_topics.Values.Any(topic => topic.Needs(link.Peer)) || link.Queue.Reader.TryPeek(out _))
            {
                return false;
            }

            if (link.Active == connection)
            {
                link.Active = null;
            }

            return true;
        }
    }

    private async Task ReadOldAsync(PeerConnection connection, PeerStream stream, CancellationToken cancellationToken)
    {
        var rate = new MessageRate(_options.MaxMessagesPerSecond, _options.TimeProvider);
        while (await Frames.ReadAsync(stream, _options.Settings.MaxMessageSize, cancellationToken).ConfigureAwait(false) is { } frame)
        {
            if (frame.Length < TopicId.Size)
            {
                throw new GossipViolationException("a frame is shorter than the topic that it begins with");
            }

            Receive(connection.PeerId, new TopicId(frame.AsSpan(0, TopicId.Size)), frame.AsSpan(TopicId.Size), rate);
        }
    }

    private async Task ReadNewAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        var rate = new MessageRate(_options.MaxMessagesPerSecond, _options.TimeProvider);
        var streams = new HashSet<Task>();
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (true)
        {
            Task<PeerStream> accept = connection.AcceptUnidirectionalStreamAsync(cancellationToken).AsTask();
            if (await Task.WhenAny(accept, failed.Task).ConfigureAwait(false) == failed.Task)
            {
                await failed.Task.ConfigureAwait(false);
            }

            Task stream = ReadTopicAsync(connection, await accept.ConfigureAwait(false), rate, failed, cancellationToken);
            lock (streams)
            {
                streams.Add(stream);
            }

            _ = stream.ContinueWith(
                done =>
                {
                    lock (streams)
                    {
                        streams.Remove(done);
                    }
                },
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task ReadTopicAsync(
        PeerConnection connection, PeerStream stream, MessageRate rate, TaskCompletionSource failed, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await using (stream.ConfigureAwait(false))
            {
                byte[]? header = await Frames.ReadAsync(stream, _options.Settings.MaxMessageSize, cancellationToken).ConfigureAwait(false);
                if (header is null)
                {
                    return;
                }

                if (header.Length != TopicId.Size)
                {
                    throw new GossipViolationException($"the first frame of a stream names a topic with {header.Length} bytes");
                }

                var topic = new TopicId(header);
                while (await Frames.ReadAsync(stream, _options.Settings.MaxMessageSize, cancellationToken).ConfigureAwait(false) is { } frame)
                {
                    Receive(connection.PeerId, topic, frame, rate);
                }
            }
        }
        catch (GossipViolationException violation)
        {
            failed.TrySetException(violation);
        }
        catch (Exception failure) when (failure is PeerException or OperationCanceledException)
        {
            // One stream that ends abruptly is no reason against the others; the end of the connection shows at accepting.
        }
    }

    private void Receive(EndpointId from, TopicId topic, ReadOnlySpan<byte> bytes, MessageRate rate)
    {
        if (!rate.TryTake())
        {
            throw new GossipViolationException($"it sent more than {_options.MaxMessagesPerSecond} messages a second");
        }

        if (!MessageEncoding.TryDecode(bytes, out GossipMessage? message, out string? problem))
        {
            throw new GossipViolationException($"a message is malformed: {problem}");
        }

        GossipLog.Receiving(_logger, from, message);
        lock (_lock)
        {
            if (_topics.TryGetValue(topic, out TopicEntry? entry))
            {
                entry.State.Receive(from, message, Now);
                Perform(entry);
            }
            else if (message is not DisconnectMessage && !_disposed)
            {
                // We are no member of it, or no more.
                Enqueue(from, new Outgoing(topic, MessageEncoding.Encode(new DisconnectMessage(IsAlive: false)), false));
                Enqueue(from, new Outgoing(topic, null, !_topics.Values.Any(other => other.Needs(from))));
            }
        }
    }

    private bool IsBanned(EndpointId peer)
    {
        if (_banned.TryGetValue(peer, out TimeSpan until))
        {
            if (until > Now)
            {
                return true;
            }

            _banned.Remove(peer);
        }

        return false;
    }

    private void Ban(EndpointId peer, string problem)
    {
        if (_banned.Count >= _options.MaxPeers)
        {
            _banned.Remove(_banned.MinBy(static entry => entry.Value).Key);
        }

        if (!IsBanned(peer))
        {
            GossipLog.PeerDropped(_logger, peer, problem);
        }

        _banned[peer] = Now + _options.BanDuration;
        if (_links.TryGetValue(peer, out PeerLink? link))
        {
            CloseAll(link, problem);
        }
    }

    private void CloseAll(PeerLink link, string reason)
    {
        link.DropQueue();
        foreach (PeerConnection connection in link.Connections)
        {
            Track(connection.CloseAsync(BannedCode, reason, CancellationToken.None).AsTask());
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
