using System.Text;
using IrohRpc.Multiplexing.QMux;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Tests;

public sealed class ClosingTests
{
    [Fact]
    public void A_close_by_the_application_is_one_frame_with_code_and_reason()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        peer.Open().Send!.Write(new byte[10], complete: true);
        peer.Session.CloseByApplication(VariableLengthInteger.MaxValue, "goodbye");
        peer.Session.CloseByApplication(2, "later");
        WireFrame close = Assert.Single(peer.Receive());
        Assert.Equal(0x1d, close.Type);
        Assert.Equal([VariableLengthInteger.MaxValue], close.Fields);
        Assert.Equal("goodbye", Encoding.UTF8.GetString(close.Data));
        Assert.False(peer.Session.HasOutput);
    }

    [Fact]
    public void A_close_before_anything_was_sent_follows_the_parameters()
    {
        var peer = new HandDrivenPeer();
        peer.Session.CloseByApplication(1, "");
        Assert.Equal([0x3f5153300d0a0d0a, 0x1d], peer.Receive().Select(f => f.Type));
    }

    [Theory]
    [InlineData("a", 2000, 1024)]
    [InlineData("é", 1000, 1024)]
    [InlineData("€", 1000, 1023)]
    [InlineData("😀", 1000, 1024)]
    [InlineData("a😀", 1000, 1020)]
    public void A_long_reason_is_cut_between_two_characters(string part, int times, int length)
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        string reason = string.Concat(Enumerable.Repeat(part, times));
        peer.Session.CloseByApplication(0, reason);
        byte[] sent = Assert.Single(peer.Receive()).Data;
        Assert.InRange(sent.Length, length, 1024);
        Assert.StartsWith(Encoding.UTF8.GetString(sent), reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x1d, true)]
    [InlineData(0x1c, false)]
    public void A_close_by_the_peer_ends_the_session_without_an_answer(int type, bool isApplication)
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        byte[] head = isApplication ? Wire.Integers(type, 42, 3) : Wire.Integers(type, 42, 0x08, 3);
        peer.Send([.. head, .. "bye"u8], Wire.Frame(0x01));
        Assert.Equal(QMuxSessionState.ClosedByPeer, peer.Session.State);
        Assert.Equal(new ConnectionCloseFrame(isApplication, 42, isApplication ? 0 : 8, "bye"), peer.Session.Close);
        Assert.Empty(peer.Receive());
        Assert.Null(peer.Session.NextDeadline(default));
    }

    [Fact]
    public void A_reason_that_is_no_UTF8_does_no_harm()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        peer.Send([0x1d, 1, 2, 0xff, 0xfe]);
        Assert.Equal(QMuxSessionState.ClosedByPeer, peer.Session.State);
    }

    [Fact]
    public void What_ended_it_first_stays()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        peer.Send(Wire.Frame(0x1d, 7, 0));
        peer.Session.CloseByApplication(8, "");
        peer.Session.HandleLoss();
        peer.Session.HandleDeadline(TimeSpan.FromDays(1));
        Assert.Equal(QMuxSessionState.ClosedByPeer, peer.Session.State);
        Assert.Equal(7, peer.Session.Close!.ErrorCode);
    }
}
