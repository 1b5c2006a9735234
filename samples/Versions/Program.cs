using Versions;

foreach (string service in Build.All)
{
    foreach (string caller in Build.All)
    {
        Console.WriteLine($"service {service}, caller {caller}");
        await using var serving = RunningService.Start(service);
        string ticket = await serving.TicketAsync();
        foreach (string line in await Build.CallAsync(caller, ticket))
        {
            Console.WriteLine($"  caller:  {line}");
        }

        foreach (string line in await serving.StopAsync())
        {
            Console.WriteLine($"  service: {line}");
        }
    }
}
