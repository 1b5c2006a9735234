using System.Runtime.CompilerServices;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.ConnectionIds;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;
using IrohRpc.Quic.Recovery;
using IrohRpc.Quic.Tests.Simulation;

namespace IrohRpc.Quic.Tests.Connections;

/// <summary>A peer with a real handshake and real keys, whose further packets a test writes by hand.</summary>
internal sealed class HandDrivenPeer : IDisposable
{
    private readonly SimulatedPair _pair;
    private readonly bool _isServer;

    public HandDrivenPeer(bool isServer = false, QuicConnectionOptions? options = null)
    {
        _isServer = isServer;
        _pair = new SimulatedPair(client: options, server: options);
        _pair.Connect();
        _pair.Run(TimeSpan.FromSeconds(1));
    }

    /// <summary>The connection under test.</summary>
    public QuicConnection Tested => (_isServer ? _pair.Dialled : _pair.Accepted).Core;

    public TimeSpan Now => _pair.Network.Now;

    private QuicConnection Own => (_isServer ? _pair.Accepted : _pair.Dialled).Core;

    /// <summary>Sends a 1-RTT packet with these frames.</summary>
    public void Send(params byte[][] frames) => SendTo(CurrentId(PeerIds(Own)), frames);

    /// <summary>Sends a 1-RTT packet with these frames to another id.</summary>
    public void SendTo(in ConnectionId destination, params byte[][] frames) => Send(destination, Tested.Path, frames);

    /// <summary>Sends a 1-RTT packet with these frames from another address.</summary>
    public void SendFrom(in NetworkPath path, params byte[][] frames) => Send(CurrentId(PeerIds(Own)), path, frames);

    private void Send(in ConnectionId destination, in NetworkPath path, byte[][] frames)
    {
        byte[] payload = [.. frames.SelectMany(f => f)];
        LossRecovery recovery = Recovery(Own);
        long number = recovery.NextPacketNumber(PacketSpace.Application);
        byte[] packet = new byte[Math.Max(payload.Length, 4) + 64];
        int offset = PacketHeaderWriter.WriteShort(packet, destination, false, number, 4);
        payload.CopyTo(packet, offset + 4);
        int length = offset + 4 + payload.Length + CipherSuite.TagLength;
        OneRtt(Own).Seal(packet.AsSpan(0, length), offset, 4, number, Now);
        recovery.OnSent(PacketSpace.Application, new SentPacket { PacketNumber = number, TimeSent = Now, Size = length, Frames = -1, LargestAcknowledged = -1 });
        Tested.Receive(packet.AsSpan(0, length), path, default, Now);
    }

    /// <summary>What the connection under test sends in answer, as the peer's connection understands it.</summary>
    public ConnectionClose? ReceiveClose()
    {
        _pair.Client.Flush();
        _pair.Server.Flush();
        _pair.Run(TimeSpan.FromSeconds(1));
        return Own.Close;
    }

    public void AssertViolated(TransportErrorCode code)
    {
        Assert.NotNull(Tested.Close);
        Assert.Equal((ConnectionCloseKind.Violation, code), (Tested.Close.Kind, (TransportErrorCode)Tested.Close.ErrorCode));
        ConnectionClose told = ReceiveClose()!;
        Assert.Equal((ConnectionCloseKind.FailedByPeer, code), (told.Kind, (TransportErrorCode)told.ErrorCode));
        Assert.NotEmpty(told.Reason);
    }

    public void AssertOpen() => Assert.True(Tested.State == ConnectionState.Open, $"{Tested.Close}");

    public static byte[] Frame(params long[] integers)
    {
        byte[] buffer = new byte[integers.Length * 8];
        int length = 0;
        foreach (long value in integers)
        {
            length += VariableLengthInteger.Write(buffer.AsSpan(length), value);
        }

        return buffer[..length];
    }

    public void Dispose() => _pair.Dispose();

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_oneRtt")]
    private static extern ref OneRttKeys OneRtt(QuicConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_recovery")]
    private static extern ref LossRecovery Recovery(QuicConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_peerIds")]
    private static extern ref PeerConnectionIds PeerIds(QuicConnection connection);

    private static ConnectionId CurrentId(PeerConnectionIds ids) => ids.Current;
}
