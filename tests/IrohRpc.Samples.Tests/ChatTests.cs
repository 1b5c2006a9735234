using IrohRpc.Samples.Tests.Programs;

namespace IrohRpc.Samples.Tests;

public sealed class ChatTests
{
    [Fact]
    public async Task Members_find_each_other_and_go_on_without_the_one_they_came_through_and_latecomers_hear_what_was_said()
    {
        await using ChatMember ada = await ChatMember.StartAsync("ada");
        await using ChatMember bob = await ChatMember.StartAsync("bob", ada.Ticket);
        await bob.NoteAsync("ada");
        await using ChatMember eve = await ChatMember.StartAsync("eve", ada.Ticket);
        await Task.WhenAll(eve.NoteAsync("bob"), eve.NoteAsync("ada"), bob.NoteAsync("eve"));

        await ada.SayAsync("hello all");
        Assert.EndsWith("#lobby <ada> hello all", await bob.HearAsync("hello all"), StringComparison.Ordinal);
        await eve.HearAsync("<ada> hello all");

        await ada.KillAsync();
        await bob.SayAsync("where is ada?");
        await eve.HearAsync("<bob> where is ada?");

        await using ChatMember kim = await ChatMember.StartAsync("kim", eve.Ticket);
        await Task.WhenAll(kim.HearAsync("<ada> hello all"), kim.HearAsync("<bob> where is ada?"));
        await kim.SayAsync("just read it");
        await Task.WhenAll(bob.HearAsync("<kim> just read it"), eve.HearAsync("<kim> just read it"));

        // Who was never seen is not missed.
        await kim.NoteAsync("bob (");
        await bob.SayAsync("/quit");
        await Task.WhenAll(kim.NoteAsync("left"), eve.NoteAsync("left"), eve.NoteAsync("ada"));
    }

    [Fact]
    public async Task Rooms_are_apart_from_each_other_and_commands_are_not_said()
    {
        await using ChatMember ada = await ChatMember.StartAsync("ada");
        await using ChatMember bob = await ChatMember.StartAsync("bob", ada.Ticket);
        await bob.NoteAsync("ada");
        await ada.SayAsync("/room den");
        await bob.SayAsync("/room den");
        await bob.NoteAsync("#den ada");
        await ada.SayAsync("/nonsense");
        await ada.NoteAsync("/who");
        await ada.SayAsync("in the den");
        Assert.Contains("#den <ada>", await bob.HearAsync("in the den"), StringComparison.Ordinal);
        await bob.SayAsync("/who");
        Assert.Contains("ada", await bob.NoteAsync("bob (you)"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_terminal_would_obey_is_not_printed()
    {
        await using ChatMember ada = await ChatMember.StartAsync("ada");
        await using ChatMember eve = await ChatMember.StartAsync("eve\u001b[2J", ada.Ticket);
        await Task.WhenAll(eve.NoteAsync("ada"), ada.NoteAsync("eve\\u001b[2J"));
        await eve.SayAsync("red \u001b[31m \u202Ederutrever");
        Assert.EndsWith("<eve\\u001b[2J> red \\u001b[31m \\u202ederutrever", await ada.HearAsync("red"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_ticket_gives_an_error_and_not_a_stack_trace()
    {
        await using ChildProcess chat = ChildProcess.Start(SampleProgram.Chat, "--join", "nonsense");
        Assert.Equal(1, await chat.ExitAsync());
        Assert.StartsWith("error: ", Assert.Single(chat.Errors.Lines), StringComparison.Ordinal);
    }
}
