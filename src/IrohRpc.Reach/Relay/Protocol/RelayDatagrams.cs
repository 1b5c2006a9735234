using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace IrohRpc.Reach.Relay.Protocol;

/// <summary>One datagram, or several of one length, on their way to or from a peer.</summary>
/// <param name="peer">The receiver where a client sends, the sender where a relay does.</param>
/// <param name="ecn">The mark that all of them bear.</param>
/// <param name="segmentSize">The length of each, but for the last, which may be shorter.</param>
/// <param name="bytes">The datagrams, one behind the other.</param>
internal readonly ref struct RelayDatagrams(EndpointId peer, RelayEcn ecn, int segmentSize, ReadOnlySpan<byte> bytes)
{
    public EndpointId Peer { get; } = peer;

    public RelayEcn Ecn { get; } = ecn;

    public int SegmentSize { get; } = segmentSize;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>Reads a message of one of the four types that carry datagrams.</summary>
    /// <param name="message">The message with its type.</param>
    /// <param name="datagrams">What it holds.</param>
    /// <param name="problem">What is wrong with it.</param>
    public static bool TryParse(ReadOnlySpan<byte> message, out RelayDatagrams datagrams, [NotNullWhen(false)] out string? problem)
    {
        datagrams = default;
        bool isBatch = (RelayFrameType)message[0] is RelayFrameType.ClientToRelayDatagramBatch or RelayFrameType.RelayToClientDatagramBatch;
        int header = isBatch ? RelayProtocol.BatchHeaderLength : RelayProtocol.DatagramHeaderLength;
        if (message.Length <= header)
        {
            problem = "a datagram frame holds no datagram";
            return false;
        }

        byte ecn = message[RelayProtocol.DatagramHeaderLength - 1];
        if (ecn > (byte)RelayEcn.CongestionExperienced)
        {
            problem = "a datagram frame has an unknown ECN mark";
            return false;
        }

        ReadOnlySpan<byte> bytes = message[header..];
        int segmentSize = isBatch ? BinaryPrimitives.ReadUInt16BigEndian(message[RelayProtocol.DatagramHeaderLength..]) : bytes.Length;
        if (segmentSize == 0)
        {
            problem = "a batch of datagrams has segments of no bytes";
            return false;
        }

        datagrams = new RelayDatagrams(new EndpointId(message.Slice(1, EndpointId.Size)), (RelayEcn)ecn, segmentSize, bytes);
        problem = null;
        return true;
    }

    /// <summary>The length of the message that <see cref="Write"/> writes.</summary>
    public int MessageLength
        => Bytes.Length + (IsBatch ? RelayProtocol.BatchHeaderLength : RelayProtocol.DatagramHeaderLength);

    private bool IsBatch => SegmentSize < Bytes.Length;

    /// <summary>Writes the message with which a client sends these datagrams.</summary>
    /// <param name="destination">Has room for <see cref="MessageLength"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        destination[0] = (byte)(IsBatch ? RelayFrameType.ClientToRelayDatagramBatch : RelayFrameType.ClientToRelayDatagram);
        Peer.CopyTo(destination[1..]);
        destination[RelayProtocol.DatagramHeaderLength - 1] = (byte)Ecn;
        int header = RelayProtocol.DatagramHeaderLength;
        if (IsBatch)
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination[header..], checked((ushort)SegmentSize));
            header = RelayProtocol.BatchHeaderLength;
        }

        Bytes.CopyTo(destination[header..]);
    }

    /// <summary>Turns the message with which a client sends datagrams into that which their receiver gets, in place.</summary>
    /// <param name="message">A message that <see cref="TryParse"/> has read.</param>
    /// <param name="sender">Who sends.</param>
    public static void Readdress(Span<byte> message, EndpointId sender)
    {
        message[0] += RelayFrameType.RelayToClientDatagram - RelayFrameType.ClientToRelayDatagram;
        sender.CopyTo(message[1..]);
    }
}
