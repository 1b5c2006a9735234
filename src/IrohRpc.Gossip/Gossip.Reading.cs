using System.Buffers.Binary;
using IrohRpc.Gossip.Messages;
using IrohRpc.Gossip.Net;

namespace IrohRpc.Gossip;

/// <content>What peers say.</content>
public sealed partial class Gossip
{
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
}
