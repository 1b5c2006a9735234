using System.Buffers.Binary;
using System.Net.Sockets;
using IrohRpc.CompilerServices;
using IrohRpc.Transports;

namespace IrohRpc.Hostile;

/// <summary>What a stranger does to a service while others call it. Each goes on until it is ended.</summary>
internal sealed class BesideAttacks(PeerEndpoint endpoint, EndpointTicket ticket)
{
    private const int Lanes = 1_000;

    private readonly MethodDescriptor[] _methods = [.. ContractDescriptors.Of<IBystander>().Methods];

    /// <summary>The attacks by name, each with what it is about.</summary>
    public static IReadOnlyDictionary<string, Func<BesideAttacks, CancellationToken, Task>> All { get; } = new Dictionary<string, Func<BesideAttacks, CancellationToken, Task>>
    {
        // Asks for large results and never lets one come.
        ["large answers"] = static (attacks, stop) => attacks.OnLaneAsync(_ => attacks.Request("Blob", Int(1 << 20)), stop),

        // Asks for small results on many lanes and reads none.
        ["small answers"] = static (attacks, stop) => attacks.OnLanesAsync(attacks.Request("Blob", Int(12_000)), stop),

        // Is refused, over and over, on many lanes.
        ["refusals"] = static (attacks, stop) => attacks.OnLanesAsync(RawFrames.Frame(0, [5, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0]), stop),
        ["channels"] = static (attacks, stop) => attacks.ChannelsAsync(stop),
        ["orphans"] = static (attacks, stop) => attacks.OrphansAsync(stop),
        ["unfinished"] = static (attacks, stop) => attacks.UnfinishedAsync(stop),
        ["one hash"] = static (attacks, stop) => attacks.OnStreamsAsync(attacks.Request("Count", Map()), 8, stop),
        ["metadata"] = static (attacks, stop) => attacks.OnLaneAsync(number => attacks.Request("Wait", [], number, [.. Enumerable.Repeat(Field(2, [1, (byte)'k']), 100).SelectMany(static bytes => bytes)]), stop),
        ["cancels"] = static (attacks, stop) => attacks.OnLaneAsync(number => [.. attacks.Request("Wait", [], number), .. RawFrames.Frame(4, RawFrames.VarInt(number))], stop, reads: true),
        ["deadlines"] = static (attacks, stop) => attacks.OnLaneAsync(number => attacks.Request("Wait", [], number, Field(1, [1])), stop, reads: true),
        ["resets"] = static (attacks, stop) => attacks.ResetsAsync(stop),
        ["failures"] = static (attacks, stop) => attacks.OnLaneAsync(number => attacks.Request("Fail", [], number), stop, reads: true),
        ["connections"] = static (attacks, stop) => attacks.ConnectionsAsync(stop),
        ["silence"] = static (attacks, stop) => attacks.SilenceAsync(stop),
    };

    private static byte[] Int(int value) => BitConverter.GetBytes(value);

    private static byte[] Field(byte tag, byte[] value) => [tag, .. RawFrames.VarInt(value.Length), .. value];

    // As many keys of one hash code as a message takes.
    private static byte[] Map()
    {
        const int Count = 260_000;
        byte[] map = new byte[4 + (Count * 16)];
        BinaryPrimitives.WriteInt32LittleEndian(map, Count);
        for (int i = 0; i < Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(map.AsSpan(4 + (i * 16)), ((long)i << 32) | (uint)i);
        }

        return map;
    }

    private byte[] Request(string method, byte[] arguments, long number = 1, byte[]? fields = null)
    {
        MethodDescriptor called = _methods.Single(one => one.Name == method + "Async");
        fields ??= [];
        return RawFrames.Frame(
            0,
            [.. RawFrames.VarInt(number), 0, .. BitConverter.GetBytes(called.NameId), .. BitConverter.GetBytes(called.SignatureId), .. RawFrames.VarInt(fields.Length), .. fields, .. arguments]);
    }

    private ValueTask<PeerConnection> DialAsync(CancellationToken stop) => endpoint.DialAsync(ticket.Address, "bystander/1", stop);

    private static async Task<PeerStream> LaneAsync(PeerConnection connection, CancellationToken stop)
    {
        PeerStream lane = await connection.OpenBidirectionalStreamAsync(stop);
        await lane.WriteAsync(RawFrames.Preface(RawFrames.Lane), stop);
        return lane;
    }

    private async Task OnLaneAsync(Func<long, byte[]> next, CancellationToken stop, bool reads = false)
    {
        for (int round = 0; !stop.IsCancellationRequested; round++)
        {
            try
            {
                await using PeerConnection connection = await DialAsync(stop);
                await using PeerStream lane = await LaneAsync(connection, stop);
                Task reading = reads ? ReadAsync(lane, stop) : Task.CompletedTask;
                var batch = new MemoryStream();
                for (long number = 0; !stop.IsCancellationRequested;)
                {
                    batch.SetLength(0);
                    while (batch.Length < 16_000)
                    {
                        batch.Write(next(number++ % 1_000_000));
                    }

                    await lane.WriteAsync(batch.GetBuffer().AsMemory(0, (int)batch.Length), stop);
                }

                await reading;
            }
            catch (Exception exception) when (exception is PeerException && !stop.IsCancellationRequested)
            {
                // Cut off: comes again.
                await Task.Delay(10, stop);
            }
        }
    }

    private async Task OnLanesAsync(byte[] frame, CancellationToken stop)
    {
        await using PeerConnection connection = await DialAsync(stop);
        byte[] batch = [.. Enumerable.Repeat(frame, 200).SelectMany(static bytes => bytes)];
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async _ =>
        {
            await using PeerStream lane = await LaneAsync(connection, stop);
            while (!stop.IsCancellationRequested)
            {
                await lane.WriteAsync(batch, stop);
            }
        }));
    }

    private async Task OnStreamsAsync(byte[] request, int atOnce, CancellationToken stop)
    {
        await using PeerConnection connection = await DialAsync(stop);
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(stop);
                await stream.WriteAsync(RawFrames.Preface(RawFrames.Call), stop);
                await stream.WriteAsync(request, completeWrites: true, stop);
                await ReadAsync(stream, stop);
            }
        }));
    }

    private async Task ChannelsAsync(CancellationToken stop)
    {
        await using PeerConnection connection = await DialAsync(stop);
        for (long number = 0; !stop.IsCancellationRequested; number++)
        {
            await using PeerStream stream = await connection.OpenUnidirectionalStreamAsync(stop);
            await stream.WriteAsync((byte[])[1, 3, .. RawFrames.VarInt(1_000_000 + (4 * (number % 1_000_000))), 0], completeWrites: true, stop);
        }
    }

    private async Task OrphansAsync(CancellationToken stop)
    {
        byte[] batch = [.. Enumerable.Range(0, 1_000).SelectMany(number => Request("Wait", [], number))];
        while (!stop.IsCancellationRequested)
        {
            await using PeerConnection connection = await DialAsync(stop);
            PeerStream lane = await LaneAsync(connection, stop);
            await lane.WriteAsync(batch, stop);
            await Task.Delay(20, stop);
        }
    }

    private async Task UnfinishedAsync(CancellationToken stop)
    {
        byte[] request = Request("Take", [.. Int(4_000_000), .. new byte[4_000_000]]);
        await using PeerConnection connection = await DialAsync(stop);
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(stop);
                    await stream.WriteAsync(RawFrames.Preface(RawFrames.Call), stop);
                    await stream.WriteAsync(request.AsMemory(0, request.Length - 64_000), stop);
                    await ReadAsync(stream, stop);
                }
                catch (PeerException exception) when (exception.Kind == PeerErrorKind.StreamAborted)
                {
                    // Refused: comes again.
                    await Task.Delay(50, stop);
                }
            }
        }));
    }

    private async Task ResetsAsync(CancellationToken stop)
    {
        await using PeerConnection connection = await DialAsync(stop);
        while (!stop.IsCancellationRequested)
        {
            await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(stop);
            await stream.WriteAsync((byte[])[.. RawFrames.Preface(RawFrames.Call), .. Request("Wait", [])], stop);
            stream.AbortWrite(1);
            stream.AbortRead(1);
        }
    }

    private async Task ConnectionsAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using PeerConnection connection = await DialAsync(stop);
            }
            catch (PeerException)
            {
                // Refused, or out of places: comes again.
                await Task.Delay(1, stop);
            }
        }
    }

    // Connections that never say a word; for a port that takes TCP.
    private async Task SilenceAsync(CancellationToken stop)
    {
        var at = ticket.Address.Addresses.Select(static address => address.TryGetIPEndPoint(out System.Net.IPEndPoint? endPoint) ? endPoint : null).First(static one => one is not null)!;
        var sockets = new Queue<Socket>();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(at, stop);
                sockets.Enqueue(socket);
            }
            catch (SocketException)
            {
                await Task.Delay(1, stop);
            }

            await Task.Delay(2, stop);
            while (sockets.Count > 1_000)
            {
                sockets.Dequeue().Dispose();
            }
        }
    }

    private static async Task ReadAsync(PeerStream stream, CancellationToken stop)
    {
        byte[] buffer = new byte[64 * 1024];
        while (await stream.ReadAsync(buffer, stop) > 0)
        {
        }
    }
}
