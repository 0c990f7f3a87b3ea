using System.Globalization;
using Backprop.Bench;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["compare", var rounds]:
        await Comparison.RunAsync(int.Parse(rounds, CultureInfo.InvariantCulture));
        return 0;
    case ["train", var epochs, var runs]:
        await Training.RunAsync(int.Parse(epochs, CultureInfo.InvariantCulture), int.Parse(runs, CultureInfo.InvariantCulture));
        return 0;
    case ["parts", var updates]:
        await Breakdown.RunAsync(int.Parse(updates, CultureInfo.InvariantCulture));
        return 0;
    default:
        Console.Error.WriteLine("Use bench/run [ROUNDS].");
        return 2;
}
