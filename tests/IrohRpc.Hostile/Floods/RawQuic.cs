using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.ConnectionIds;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Endpoints;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;
using IrohRpc.Quic.Recovery;
using IrohRpc.Quic.Transport.Internal;
using IrohRpc.Transports;

namespace IrohRpc.Hostile;

/// <summary>A connection over QUIC with an honest handshake and real keys, whose further packets are written by hand.</summary>
internal sealed class RawQuic : IAsyncDisposable
{
    private const int NumberLength = 4;

    private readonly PeerEndpoint _endpoint;
    private readonly QuicPeerConnection _connection;
    private readonly byte[] _packet = new byte[1400];

    private RawQuic(PeerEndpoint endpoint, QuicPeerConnection connection)
    {
        _endpoint = endpoint;
        _connection = connection;
    }

    /// <summary>Completes with how the service cut the connection off.</summary>
    public Task<ConnectionEnd> Closed => _connection.Closed;

    private QuicConnection Core => _connection.Io.Core;

    /// <summary>Connects and shakes hands as an honest peer does, under a key of its own.</summary>
    public static async Task<RawQuic> ConnectAsync(ITransport transport, EndpointTicket ticket, CancellationToken stop)
    {
        // Without several paths, whose packets have other nonces.
        PeerEndpoint endpoint = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [transport], ListenOn = [], TraversesNats = false }, stop);
        try
        {
            return new RawQuic(endpoint, (QuicPeerConnection)await endpoint.DialAsync(ticket.Address, "bystander/1", stop));
        }
        catch
        {
            await endpoint.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a 1-RTT packet with these frames, from the connection's own port or another.</summary>
    public void Send(ReadOnlySpan<byte> frames, Socket? from = null, IPEndPoint? to = null)
    {
        int length;
        NetworkPath path;
        lock (_connection.Gate)
        {
            if (Core.State != ConnectionState.Open)
            {
                return;
            }

            LossRecovery recovery = Recovery(Core);
            long number = recovery.NextPacketNumber(PacketSpace.Application);
            int offset = PacketHeaderWriter.WriteShort(_packet, PeerIds(Core).Current, false, number, NumberLength);
            frames.CopyTo(_packet.AsSpan(offset + NumberLength));
            length = offset + NumberLength + frames.Length + CipherSuite.TagLength;
            TimeSpan now = _connection.Io.Now;
            OneRtt(Core).Seal(_packet.AsSpan(0, length), offset, NumberLength, number, now);
            recovery.OnSent(PacketSpace.Application, new SentPacket { PacketNumber = number, TimeSent = now, Size = length, Frames = -1, LargestAcknowledged = -1 });
            path = Core.Path;
        }

        if (from is null)
        {
            _connection.Io.Endpoint.Send(_packet.AsSpan(0, length), new OutgoingDatagrams(path, EcnCodepoint.NotEct, length));
        }
        else
        {
            from.SendTo(_packet.AsSpan(0, length), SocketFlags.None, to!);
        }
    }

    /// <summary>A frame of integers, the type first.</summary>
    public static byte[] Frame(params ReadOnlySpan<long> integers)
    {
        byte[] buffer = new byte[integers.Length * VariableLengthInteger.MaxLength];
        int length = 0;
        foreach (long value in integers)
        {
            length += VariableLengthInteger.Write(buffer.AsSpan(length), value);
        }

        return buffer[..length];
    }

    /// <summary>An Initial packet that anybody can write, in a datagram of the least length.</summary>
    public static byte[] Initial(ReadOnlySpan<byte> destination, long number, ReadOnlySpan<byte> frames)
    {
        var receiver = new ConnectionId(destination);
        (SealingKeys sealing, OpeningKeys opening) = InitialKeys.Derive(receiver, isServer: false);
        using (sealing)
        using (opening)
        {
            byte[] packet = new byte[1200];
            int offset = PacketHeaderWriter.WriteLong(packet, PacketType.Initial, receiver, new ConnectionId([1, 2, 3, 4, 5, 6, 7, 8]), [], number, NumberLength);
            frames.CopyTo(packet.AsSpan(offset + NumberLength));
            PacketHeaderWriter.SetLength(packet, offset);
            sealing.Seal(packet, offset, NumberLength, number);
            return packet;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _endpoint.DisposeAsync();
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_oneRtt")]
    private static extern ref OneRttKeys OneRtt(QuicConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_recovery")]
    private static extern ref LossRecovery Recovery(QuicConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_peerIds")]
    private static extern ref PeerConnectionIds PeerIds(QuicConnection connection);
}
