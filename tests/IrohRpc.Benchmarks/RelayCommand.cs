using System.CommandLine;
using IrohRpc.Benchmarks.Relays;

namespace IrohRpc.Benchmarks;

/// <summary>What a relay takes for each client, how much it carries, and whether a flood harms others: the figures of docs/relay.md.</summary>
internal static class RelayCommand
{
    private const int DatagramLength = 1200;
    private const int Pairs = 50;
    private const int Honest = 10;

    public static Command Create()
    {
        var clients = new Option<int>("--clients") { DefaultValueFactory = _ => 5000, Description = "How many clients connect." };
        var seconds = new Option<int>("--seconds") { DefaultValueFactory = _ => 5, Description = "How long each measurement takes." };
        var command = new Command("relay", "Memory for each client, datagrams a second, and fairness beside a flood.") { clients, seconds };
        command.SetAction(result => RunAsync(result.GetValue(clients), TimeSpan.FromSeconds(result.GetValue(seconds))));
        return command;
    }

    public static Command CreateServer()
    {
        var command = new Command("relay-server") { Hidden = true };
        command.SetAction(_ => RelayProcess.ServeAsync());
        return command;
    }

    private static async Task RunAsync(int count, TimeSpan time)
    {
        await using RelayProcess relay = await RelayProcess.StartAsync();
        (long managed, long resident, _, _) = await relay.MeasureAsync();
        var clients = new List<RelayClient>();
        while (clients.Count < count)
        {
            RelayClient[] more = [.. Enumerable.Range(0, Math.Min(100, count - clients.Count)).Select(_ => new RelayClient(relay.Url))];
            await Task.WhenAll(more.Select(client => client.ConnectedAsync()));
            clients.AddRange(more);
        }

        (long managedAfter, long residentAfter, _, int connected) = await relay.MeasureAsync();
        Console.WriteLine($"{connected} clients: {(managedAfter - managed) / 1024.0 / connected:0.0} KiB managed each, {(residentAfter - resident) / 1024.0 / connected:0.0} KiB resident each");
        await ThroughputAsync(relay, clients, time, 1);
        await ThroughputAsync(relay, clients, time, 10);
        await FairnessAsync(clients, time, withFlood: false);
        await FairnessAsync(clients, time, withFlood: true);
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    private static async Task ThroughputAsync(RelayProcess relay, List<RelayClient> clients, TimeSpan time, int batch)
    {
        RelayClient[] senders = [.. clients.Take(Pairs)];
        RelayClient[] receivers = [.. clients.Skip(Pairs).Take(Pairs)];
        long before = receivers.Sum(receiver => receiver.Received(0));
        TimeSpan processor = (await relay.MeasureAsync()).Processor;
        using var stop = new CancellationTokenSource(time);
        long[] sent = await Task.WhenAll(senders.Zip(receivers, (sender, receiver) => SendAsync(sender, receiver, kind: 0, batch, null, stop.Token)));
        long received = receivers.Sum(receiver => receiver.Received(0)) - before;
        processor = (await relay.MeasureAsync()).Processor - processor;
        Console.WriteLine(
            $"{Pairs} pairs, {batch} datagrams of {DatagramLength} bytes in a message: {received / time.TotalSeconds:0} datagrams/s arrive, "
                + $"{100.0 * received / sent.Sum():0} % of those sent; {processor.TotalMicroseconds / sent.Sum():0.0} µs of the relay's processor time each");
    }

    private static async Task FairnessAsync(List<RelayClient> clients, TimeSpan time, bool withFlood)
    {
        RelayClient receiver = clients[^1];
        RelayClient[] honest = [.. clients.Take(Honest)];
        long[] before = [receiver.Received(0), receiver.Received(1)];
        using var stop = new CancellationTokenSource(time);
        Task<long> flood = withFlood ? SendAsync(clients[^2], receiver, kind: 1, 10, null, stop.Token) : Task.FromResult(0L);
        long[] sent = await Task.WhenAll(honest.Select(sender => SendAsync(sender, receiver, kind: 0, 1, TimeSpan.FromMilliseconds(10), stop.Token)));
        await flood;
        await Task.Delay(TimeSpan.FromSeconds(1));
        Console.WriteLine(
            $"{Honest} senders of a datagram each 10 ms to one receiver{(withFlood ? " beside a flood" : "")}: "
                + $"{100.0 * (receiver.Received(0) - before[0]) / sent.Sum():0.0} % arrive"
                + (withFlood ? $", {100.0 * (receiver.Received(1) - before[1]) / await flood:0.0} % of the flood" : ""));
    }

    private static async Task<long> SendAsync(
        RelayClient sender, RelayClient receiver, byte kind, int batch, TimeSpan? interval, CancellationToken stop)
    {
        byte[] bytes = new byte[batch * DatagramLength];
        bytes[0] = kind;
        long sent = 0;
        while (!stop.IsCancellationRequested)
        {
            if (sender.TrySend(receiver.Id, bytes, DatagramLength))
            {
                sent += batch;
                if (interval is null)
                {
                    if (sent % (64 * batch) == 0)
                    {
                        await Task.Yield();
                    }

                    continue;
                }
            }

            await Task.Delay(interval ?? TimeSpan.FromMilliseconds(1), CancellationToken.None);
        }

        return sent;
    }
}
