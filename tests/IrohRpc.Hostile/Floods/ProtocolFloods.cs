using System.Buffers.Binary;
using System.Security.Cryptography;
using IrohRpc.Blobs;
using IrohRpc.Gossip;
using IrohRpc.Gossip.Messages;
using IrohRpc.Transports;

namespace IrohRpc.Hostile;

/// <summary>Floods of what stands beside the calls, and of what calls carry: gossip, blobs, passed objects, progress.</summary>
internal sealed class ProtocolFloods(ITransport transport, EndpointTicket ticket, Outcomes outcomes)
{
    /// <summary>The topic that the service is in.</summary>
    public static readonly TopicId Topic = TopicId.FromName("bystanders");

    private const int AtOnce = 64;

    /// <summary>The attacks by name.</summary>
    public static IReadOnlyDictionary<string, Func<ProtocolFloods, CancellationToken, Task>> All { get; } = new Dictionary<string, Func<ProtocolFloods, CancellationToken, Task>>
    {
        ["objects"] = static (floods, stop) => floods.CallsAsync(static (proxy, stop) => proxy.MeetAsync(new Guest(), stop), stop),
        ["progress"] = static (floods, stop) => floods.CallsAsync(static (proxy, stop) => proxy.VisitAsync(new Guest(), stop), stop),
        ["gossip messages"] = static (floods, stop) => floods.GossipAsync(static number => Content(number), stop),
        ["names of gossip that never comes"] = static (floods, stop) => floods.GossipAsync(
            static number => new IHaveMessage([.. Enumerable.Range(0, 100).Select(index => (MessageId.Of(BitConverter.GetBytes((number * 100) + index)), (ushort)1))]), stop),
        ["introductions"] = static (floods, stop) => floods.GossipAsync(
            static _ => new ForwardJoinMessage(new PeerInfo(new EndpointId(RandomNumberGenerator.GetBytes(EndpointId.Size)), []), 0), stop),
        ["a provider that lies"] = static (floods, stop) => floods.ProvideAsync(stop),
    };

    private static ContentMessage Content(long number)
    {
        byte[] content = new byte[1_000];
        BinaryPrimitives.WriteInt64BigEndian(content, number);
        return new ContentMessage(MessageId.Of(content), content, 1);
    }

    private static byte[] Frame(byte[] body)
    {
        byte[] frame = new byte[sizeof(uint) + body.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)body.Length);
        body.CopyTo(frame, sizeof(uint));
        return frame;
    }

    private async Task<PeerEndpoint> BindAsync(bool listens, CancellationToken stop)
    {
        var options = new PeerEndpointOptions { Transports = [transport] };
        if (!listens)
        {
            options.ListenOn = [];
        }

        return await PeerEndpoint.BindAsync(options, stop);
    }

    private async Task CallsAsync(Func<IBystander, CancellationToken, ValueTask> call, CancellationToken stop)
    {
        await using PeerEndpoint endpoint = await BindAsync(listens: false, stop);
        IBystander proxy = endpoint.Connect<IBystander>(ticket);
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await call(proxy, stop);
                }
                catch (RpcException exception)
                {
                    outcomes.Note($"{exception.StatusCode}");
                    await Task.Delay(1, stop);
                }
            }
        })));
    }

    private async Task GossipAsync(Func<long, GossipMessage> next, CancellationToken stop)
    {
        long number = 0;
        while (!stop.IsCancellationRequested)
        {
            await using PeerEndpoint endpoint = await BindAsync(listens: false, stop);
            PeerConnection connection = await endpoint.DialAsync(ticket.Address, GossipProtocol.Alpn, stop);
            try
            {
                await using PeerStream stream = await connection.OpenUnidirectionalStreamAsync(stop);
                await stream.WriteAsync((byte[])[.. Frame(Topic.ToByteArray()), .. Frame(MessageEncoding.Encode(new JoinMessage([])))], stop);
                while (true)
                {
                    var batch = new MemoryStream();
                    while (batch.Length < 16_000)
                    {
                        batch.Write(Frame(MessageEncoding.Encode(next(number++))));
                    }

                    await stream.WriteAsync(batch.GetBuffer().AsMemory(0, (int)batch.Length), stop);
                }
            }
            catch (PeerException exception)
            {
                outcomes.Note(exception);
            }
        }
    }

    // Has the service fetch what this peer says that it has.
    private async Task ProvideAsync(CancellationToken stop)
    {
        await using PeerEndpoint endpoint = await BindAsync(listens: true, stop);
        await using Router router = await endpoint.Route().Map("/iroh-bytes/4", LieAsync).StartAsync(stop);
        IBystander proxy = endpoint.Connect<IBystander>(ticket);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                var hash = new BlobHash(RandomNumberGenerator.GetBytes(BlobHash.Size));
                outcomes.Note(await proxy.FetchAsync(new BlobTicket(endpoint.Address, hash).ToString(), stop));
            }
        }));
    }

    // Says that the blob has a gibibyte, and sends anything.
    private static async ValueTask LieAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        byte[] lie = [0, 0, 0, 0x40, 0, 0, 0, 0, .. RandomNumberGenerator.GetBytes(64 * 1024)];
        try
        {
            while (true)
            {
                await using PeerStream stream = await connection.AcceptBidirectionalStreamAsync(cancellationToken);
                try
                {
                    while (true)
                    {
                        await stream.WriteAsync(lie, cancellationToken);
                    }
                }
                catch (PeerException exception) when (exception.Kind == PeerErrorKind.StreamAborted)
                {
                    // The getter has heard enough.
                }
            }
        }
        catch (PeerException)
        {
            // It has left.
        }
    }

    /// <summary>The object that is passed.</summary>
    private sealed class Guest : IGuest
    {
        public async ValueTask WorkAsync(IProgress<long> progress, CancellationToken cancellationToken)
        {
            for (long number = 0; !cancellationToken.IsCancellationRequested; number++)
            {
                progress.Report(number);
                if (number % 1_000 == 0)
                {
                    await Task.Yield();
                }
            }
        }
    }
}
