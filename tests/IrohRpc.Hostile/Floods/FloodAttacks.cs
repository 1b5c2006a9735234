using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using IrohRpc.Transports;

namespace IrohRpc.Hostile;

/// <summary>Floods and sloths below and beside the calls: handshakes, records, frames, connections. Each goes on until it is ended, and notes how it was cut off.</summary>
internal sealed class FloodAttacks(ITransport transport, EndpointTicket ticket, Outcomes outcomes)
{
    /// <summary>The flood that has to fill the service first.</summary>
    public const string Idle = "connections that idle";

    private const int AtOnce = 100;

    /// <summary>The attacks by name, each with the transports that it is made for.</summary>
    public static IReadOnlyDictionary<string, (string[] Transports, Func<FloodAttacks, CancellationToken, Task> Run)> All { get; }
        = new Dictionary<string, (string[], Func<FloodAttacks, CancellationToken, Task>)>
        {
            ["a byte at a time in the handshake"] = (["tls"], static (attacks, stop) => ManyAsync(attacks.DripHandshakeAsync, stop)),
            ["a byte at a time in a record"] = (["tls"], static (attacks, stop) => ManyAsync(attacks.DripRecordAsync, stop)),
            ["handshakes without a record"] = (["tls"], static (attacks, stop) => ManyAsync((_, stop) => attacks.RecordsAsync(null, stop), stop)),
            ["empty records"] = (["tls"], static (attacks, stop) => attacks.RecordsAsync([0], stop, isRecord: false)),
            ["records of 2^62"] = (["tls"], static (attacks, stop) => attacks.RecordsAsync([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], stop, isRecord: false)),
            ["grants of 2^62"] = (["tls"], static (attacks, stop) => attacks.RecordsAsync([0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], stop)),
            ["stream grants of 2^62"] = (["tls"], static (attacks, stop) => attacks.RecordsAsync([0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], stop)),
            ["pings"] = (["tls"], static (attacks, stop) => attacks.RecordsAsync([0xf4, 0x8c, 0x67, 0x52, 0x9e, 0xf8, 0xc7, 0xbd, 0x01], stop)),
            ["data beyond the window"] = (["tls"], static (attacks, stop) => attacks.RecordsAsync([0x0e, 0x00, 0xbf, 0xff, 0xff, 0xff, 0x01, 0x00], stop)),
            ["streams beyond the limit"] = (["tls"], static (attacks, stop) => attacks.RecordsAsync([0x0a, 0x80, 0x10, 0x00, 0x00, 0x01, 0x00], stop)),
            ["frames of size zero"] = (["tls", "quic", "msquic"], static (attacks, stop) => attacks.StreamsAsync([1, 0, 0], stop)),
            ["frames shorter than their type"] = (["tls", "quic", "msquic"], static (attacks, stop) => attacks.StreamsAsync([1, 1, 0, 0xd0, 0, 0, 0, 0, 0, 0, 0, 2], stop)),
            ["turns without end"] = (["tls", "quic", "msquic"], static (attacks, stop) => attacks.LaneAsync(static number => RawFrames.Frame(0x0b, [.. RawFrames.VarInt(number), 1]), stop)),
            ["releases of nothing"] = (["tls", "quic", "msquic"], static (attacks, stop) => attacks.LaneAsync(static number => RawFrames.Frame(9, [.. RawFrames.VarInt(number), 1]), stop)),
            ["new keys"] = (["tls", "quic", "msquic"], static (attacks, stop) => attacks.KeysAsync(stop)),
            [Idle] = (["tls", "quic", "msquic"], static (attacks, stop) => attacks.IdleAsync(stop)),
            ["spoofed Initials"] = (["quic", "msquic"], static (attacks, stop) => attacks.InitialsAsync(stop)),
            ["noise"] = (["quic", "msquic"], static (attacks, stop) => attacks.NoiseAsync(stop)),
            ["amplification"] = (["quic", "msquic"], static (attacks, stop) => attacks.AmplificationAsync(stop)),
        };

    /// <summary>The names of all floods that are made for a transport, those of other classes too.</summary>
    public static IEnumerable<string> NamesFor(string transport) => All.Where(pair => pair.Value.Transports.Contains(transport)).Select(static pair => pair.Key)
        .Concat(transport == "quic" ? QuicFloods.All.Keys : [])
        .Concat(ProtocolFloods.All.Keys);

    /// <summary>Runs the flood of a name.</summary>
    public Task RunAsync(string name, CancellationToken stop)
        => All.TryGetValue(name, out (string[] Transports, Func<FloodAttacks, CancellationToken, Task> Run) own) ? own.Run(this, stop)
            : QuicFloods.All.TryGetValue(name, out Func<QuicFloods, CancellationToken, Task>? quic) ? quic(new QuicFloods(transport, ticket, At, outcomes), stop)
            : ProtocolFloods.All[name](new ProtocolFloods(transport, ticket, outcomes), stop);

    private IPEndPoint At => ticket.Address.Addresses
        .Select(static address => address.TryGetIPEndPoint(out IPEndPoint? at) || TlsAddress.TryGetEndPoint(address, out at) || MsQuicAddress.TryGetEndPoint(address, out at) ? at : null).First(static at => at is not null)!;

    private static Task ManyAsync(Func<int, CancellationToken, Task> attack, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async index =>
    {
        while (!stop.IsCancellationRequested)
        {
            await attack(index, stop);
        }
    }));

    private async Task DripHandshakeAsync(int index, CancellationToken stop)
    {
        using var socket = new Socket(At.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(At, stop);
            foreach (byte next in (byte[])[0x16, 0x03, 0x01, 0x02, 0x00, 0x01, .. new byte[500]])
            {
                await socket.SendAsync(new[] { next }, stop);
                await Task.Delay(200, stop);
            }
        }
        catch (SocketException exception)
        {
            outcomes.Note($"{exception.SocketErrorCode}");
            await Task.Delay(20, stop);
        }
    }

    private async Task DripRecordAsync(int index, CancellationToken stop)
    {
        try
        {
            await using RawQMux connection = await RawQMux.ConnectAsync(At, stop);
            await connection.StartAsync(stop);
            await connection.WriteAsync([0x52, 0x00], stop, isRecord: false);
            while (true)
            {
                await connection.WriteAsync([1], stop, isRecord: false);
                await Task.Delay(200, stop);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException)
        {
            outcomes.Note(exception is AuthenticationException ? "handshake refused" : "connection reset");
            await Task.Delay(20, stop);
        }
    }

    // A record again and again; null for a connection that says nothing behind its handshake.
    private async Task RecordsAsync(byte[]? record, CancellationToken stop, bool isRecord = true)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using RawQMux connection = await RawQMux.ConnectAsync(At, stop);
                Task<long?> closed = connection.ReadCloseAsync(stop);
                try
                {
                    if (record is not null)
                    {
                        await connection.StartAsync(stop);
                    }

                    while (!closed.IsCompleted && record is not null)
                    {
                        for (int count = 0; count < 50; count++)
                        {
                            await connection.WriteAsync(record, stop, isRecord);
                        }
                    }
                }
                catch (IOException)
                {
                    // Closed by the service, which has said why.
                }

                outcomes.Note(await closed is { } code ? $"connection closed 0x{code:x}" : "connection reset");
            }
            catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException)
            {
                outcomes.Note("handshake refused");
                await Task.Delay(20, stop);
            }
        }
    }

    private async Task<PeerEndpoint> BindAsync(CancellationToken stop) => await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [transport], ListenOn = [] }, stop);

    private async Task StreamsAsync(byte[] bytes, CancellationToken stop)
    {
        await using PeerEndpoint endpoint = await BindAsync(stop);
        await using PeerConnection connection = await endpoint.DialAsync(ticket.Address, "bystander/1", stop);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            byte[] buffer = new byte[256];
            while (!stop.IsCancellationRequested)
            {
                await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(stop);
                try
                {
                    await stream.WriteAsync(bytes, completeWrites: true, stop);
                    while (await stream.ReadAsync(buffer, stop) > 0)
                    {
                    }

                    outcomes.Note("stream ended");
                }
                catch (PeerException exception)
                {
                    outcomes.Note(exception);
                    if (connection.Closed.IsCompleted)
                    {
                        throw;
                    }
                }
            }
        }));
    }

    private async Task LaneAsync(Func<long, byte[]> next, CancellationToken stop)
    {
        await using PeerEndpoint endpoint = await BindAsync(stop);
        await using PeerConnection connection = await endpoint.DialAsync(ticket.Address, "bystander/1", stop);
        await using PeerStream lane = await connection.OpenBidirectionalStreamAsync(stop);
        try
        {
            await lane.WriteAsync(RawFrames.Preface(RawFrames.Lane), stop);
            for (long number = 0; !stop.IsCancellationRequested; number += 1000)
            {
                long first = number;
                await lane.WriteAsync((byte[])[.. Enumerable.Range(0, 1000).SelectMany(index => next(first + index))], stop);
            }
        }
        catch (PeerException exception)
        {
            outcomes.Note(exception);
            throw;
        }
    }

    private async Task KeysAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using PeerEndpoint endpoint = await BindAsync(stop);
                await using PeerConnection connection = await endpoint.DialAsync(ticket.Address, "bystander/1", stop);
                outcomes.Note("let in");
            }
            catch (PeerException exception)
            {
                outcomes.Note(exception);
                await Task.Delay(1, stop);
            }
        }
    }

    /// <summary>What has to be done before the flood counts.</summary>
    public async Task PrepareAsync(string name, CancellationToken stop)
    {
        if (name != Idle)
        {
            return;
        }

        // As many connections as an address may have, of as many keys as that takes.
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            PeerEndpoint endpoint = await BindAsync(stop);
            for (int count = 0; count < 50; count++)
            {
                await HoldAsync(endpoint, stop);
            }
        }));
        await Task.Delay(new ConnectionLimits().IdleToGiveWay, stop);
    }

    // And always one more: each has proved who it is, and says nothing.
    private async Task IdleAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            PeerEndpoint endpoint = await BindAsync(stop);
            for (int count = 0; count < 50; count++)
            {
                await HoldAsync(endpoint, stop);
                await Task.Delay(10, stop);
            }
        }
    }

    private async Task HoldAsync(PeerEndpoint endpoint, CancellationToken stop)
    {
        try
        {
            PeerConnection connection = await endpoint.DialAsync(ticket.Address, "bystander/1", stop);
            _ = connection.Closed.ContinueWith(
                ended => outcomes.Note(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"connection closed 0x{ended.Result.ErrorCode ?? 0:x}")), TaskScheduler.Default);
        }
        catch (PeerException exception)
        {
            outcomes.Note(exception);
        }
    }

    // What comes back for one datagram that somebody says to have sent, until nothing more does.
    private async Task AmplificationAsync(CancellationToken stop)
    {
        byte[] initial = await CaptureInitialAsync(stop);
        await ManyAsync((_, stop) => AmplifyAsync(initial, stop), stop);
    }

    private async Task AmplifyAsync(byte[] initial, CancellationToken stop)
    {
        byte[] buffer = new byte[2048];
        using var socket = new Socket(At.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.SendToAsync(initial, At, stop);
        int answered = 0;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(1_000);
        try
        {
            while (true)
            {
                answered += (await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), patience.Token)).ReceivedBytes;
            }
        }
        catch (OperationCanceledException)
        {
            outcomes.Note(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(double)answered / initial.Length:F1} bytes for one"));
        }
    }

    // The first datagram of an honest dial, from as many ports as there are: the answers go to those who never asked.
    private async Task InitialsAsync(CancellationToken stop)
    {
        byte[] initial = await CaptureInitialAsync(stop);
        while (!stop.IsCancellationRequested)
        {
            using var socket = new Socket(At.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            for (int count = 0; count < 4; count++)
            {
                await socket.SendToAsync(initial, At, stop);
            }

            outcomes.Note("sent");
            await Task.Delay(1, stop);
        }
    }

    private async Task<byte[]> CaptureInitialAsync(CancellationToken stop)
    {
        using var trap = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        trap.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using PeerEndpoint endpoint = await BindAsync(stop);
        using var dialling = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task dial = endpoint.DialAsync(new EndpointAddress(ticket.Address.Id, transport.Name == "msquic" ? MsQuicAddress.Create((IPEndPoint)trap.LocalEndPoint!) : TransportAddress.Ip((IPEndPoint)trap.LocalEndPoint!)), "bystander/1", dialling.Token).AsTask();
        byte[] buffer = new byte[2048];
        int length = (await trap.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), stop)).ReceivedBytes;
        await dialling.CancelAsync();
        await dial.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return buffer[..length];
    }

    private async Task NoiseAsync(CancellationToken stop)
    {
        using var socket = new Socket(At.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        var random = new Random(1);
        byte[] datagram = new byte[1200];
        while (!stop.IsCancellationRequested)
        {
            for (int count = 0; count < 100; count++)
            {
                random.NextBytes(datagram);
                if (count % 2 == 0)
                {
                    // A long header of version 1, with ids of eight bytes.
                    ((ReadOnlySpan<byte>)[0xc3, 0, 0, 0, 1, 8]).CopyTo(datagram);
                    datagram[14] = 8;
                }

                await socket.SendToAsync(datagram, At, stop);
            }

            outcomes.Note("ignored");
        }
    }
}
